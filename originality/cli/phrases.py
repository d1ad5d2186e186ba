"""Help and failures in words: key -> (Chinese, English). Read them through `texts.say`."""

from __future__ import annotations

ASKING: dict[str, tuple[str, str]] = {
    # -- help ----------------------------------------------------------------------------------------------------
    "help.usage": ("用法：", "Usage: "),
    "help.options": ("选项", "Options"),
    "help.commands": ("命令", "Commands"),
    "help.examples": ("示例", "Examples"),
    "help.default": ("（默认：{value}）", " (default: {value})"),
    "help.variable": ("（环境变量：{name}）", " (environment: {name})"),
    "originality.help": (
        "看一条微博文案有没有抄袭或高度模仿竞品发过的内容，并给出依据。",
        "Tells whether a Weibo draft copies or closely imitates competitors' posts, and why.",
    ),
    "originality.examples": (
        "originality collect 竞品微博.csv --index index/brand\n"
        'originality check "把想发的文案贴在这里" --index index/brand',
        'originality collect posts.csv --index index/brand\noriginality check "the draft to check" --index index/brand',
    ),
    "collect.help": (
        "把导出的帖子收进索引，可反复运行\n"
        "\n"
        "PATH 是文件或文件夹：JSONL、JSON、CSV、XLSX、Parquet，以及 weiboSpider、\n"
        "weibo-crawler 的导出。列名自动识别，认不出时用 --map 指定。收过的帖子不会重复\n"
        "入库，改过的帖子以新版本为准；丢弃了什么、为什么，都会报数。",
        "Collect exported posts into an index; may be run again\n"
        "\n"
        "PATH is a file or a folder: JSONL, JSON, CSV, XLSX, Parquet, and what weiboSpider\n"
        "and weibo-crawler export. Columns are recognised by name, or given by --map. Posts\n"
        "that are known already add nothing, edited ones replace their old version, and\n"
        "whatever is dropped is counted with its reason.",
    ),
    "accounts.help": (
        "登记自己和竞品的账号、授权关系\n"
        "\n"
        "登记表是索引文件夹里的 accounts.json。登记后，collect --live 可自动更新；\n"
        "检查时自己的帖子和授权账号的帖子不算抄。",
        "Keep the register of accounts\n"
        "\n"
        "One's own brand, its competitors, and who may reuse whose posts. It is accounts.json\n"
        "beside the index. collect --live brings its accounts up to date; check leaves out an\n"
        "author's own posts and those that it may reuse.",
    ),
    "accounts.examples": (
        "originality accounts add 汀步茶室 --uid 2608812381 --trade 茶饮 --live api\n"
        "originality accounts authorise 汀步茶室 麦岸烘焙 --until 2026-12-31",
        "originality accounts add BRAND --uid 2608812381 --trade tea --live api\n"
        "originality accounts authorise BRAND PARTNER --until 2026-12-31",
    ),
    "add.help": ("登记一个账号，已登记的则更新", "Add an account, or replace what is known of it"),
    "add.examples": (
        "originality accounts add 汀步茶室 --uid 2608812381 --trade 茶饮 --campaign 双十一 --live api\n"
        "originality accounts add 麦岸烘焙 --own",
        "originality accounts add BRAND --uid 2608812381 --trade tea --campaign double11 --live api\n"
        "originality accounts add OURS --own",
    ),
    "list.help": ("列出登记的账号和授权", "List accounts and permissions"),
    "list.examples": ("originality accounts list --index index/brand", "originality accounts list --index index/brand"),
    "remove.help": (
        "删除一个账号的登记及其授权，帖子留在索引里",
        "Take an account and its permissions out; its posts stay in the index",
    ),
    "remove.examples": ("originality accounts remove 汀步茶室", "originality accounts remove BRAND"),
    "authorise.help": (
        "授权一个账号使用另一个账号的帖子\n\n授权期内，检查 BY 的文案时，SOURCE 的帖子不算来源。",
        "Let account BY reuse the posts of SOURCE\n\nWhile it holds, posts of SOURCE accuse no draft of BY.",
    ),
    "authorise.examples": (
        "originality accounts authorise 汀步茶室 麦岸烘焙 --until 2026-12-31",
        "originality accounts authorise BRAND PARTNER --until 2026-12-31",
    ),
    "revoke.help": ("收回授权", "Take a permission back"),
    "revoke.examples": ("originality accounts revoke 汀步茶室 麦岸烘焙", "originality accounts revoke BRAND PARTNER"),
    "collect.examples": (
        "originality collect 导出/ --index index/brand\n"
        "originality collect 帖子.xlsx --map text=文案 --map account=品牌 --index index/brand\n"
        "originality collect --live --index index/brand",
        "originality collect exports/ --index index/brand\n"
        "originality collect posts.xlsx --map text=Copy --map account=Brand --index index/brand\n"
        "originality collect --live --index index/brand",
    ),
    "check.help": (
        "检查一条文案，或一批文案\n"
        "\n"
        "TEXT 是文案本身；写 - 则从标准输入读。退出码：0 没有发现问题，1 抄袭或高度模仿，\n"
        "2 用法有误或运行失败。结论是附有依据的建议，由人来定。",
        "Check one draft, or a batch of drafts\n"
        "\n"
        "TEXT is the draft; - reads it from standard input. Exit code: 0 nothing found, 1 copied\n"
        "or closely imitated, 2 bad usage or failure. A verdict is advice with its evidence.",
    ),
    "check.examples": (
        'originality check "把想发的文案贴在这里" --index index/brand\n'
        "originality check --file 文案.txt --json\n"
        "originality check --batch 文案.jsonl > 结果.jsonl",
        'originality check "the draft to check" --index index/brand\n'
        "originality check --file draft.txt --json\n"
        "originality check --batch drafts.jsonl > results.jsonl",
    ),
    "gate.help": (
        "发布前把关：按品牌的规则放行、提醒或拦截\n"
        "\n"
        "规则写在 TOML 文件里：各项的提醒线和拦截线、不算来源的账号和帖子、授权来源等，\n"
        "见 docs/gate.md。退出码：0 放行或提醒，1 拦截，2 用法有误或运行失败。",
        "Decide before publishing: pass, warn or block, by a brand's rules\n"
        "\n"
        "The rules are a TOML file: thresholds of each lane, accounts and posts that accuse\n"
        "nobody, authorised sources; see docs/gate.md. Exit code: 0 pass or warning, 1 blocked,\n"
        "2 bad usage or failure.",
    ),
    "gate.examples": (
        'originality gate "把想发的文案贴在这里" --policy 规则.toml --index index/brand\n'
        "originality gate --batch 文案.jsonl --policy 规则.toml --audit audit.jsonl > 结果.jsonl",
        'originality gate "the draft to check" --policy brand.toml --index index/brand\n'
        "originality gate --batch drafts.jsonl --policy brand.toml --audit audit.jsonl > decisions.jsonl",
    ),
    "serve.help": (
        "用 HTTP 提供检查和把关，供发布系统调用\n"
        "\n"
        "/check、/gate、/batch（逐行 JSON）、/healthz、/metrics，说明页在 /docs。环境变量\n"
        "ORIGINALITY_TOKEN 设了口令，请求就必须带上它；对外开放（--host）必须设。收到 SIGTERM\n"
        "时把手上的请求答完再结束。草稿不写入任何日志（--audit-text 除外）。需要另装：\n"
        "pip install 'originality[serve]'",
        "Serve check and gate over HTTP, for publishing systems\n"
        "\n"
        "/check, /gate, /batch (JSON Lines), /healthz, /metrics; explained at /docs. If the\n"
        "environment has ORIGINALITY_TOKEN, requests must carry it; to serve other machines\n"
        "(--host) it must be set. On SIGTERM what was begun is answered before it ends. Drafts\n"
        "enter no log, but for --audit-text. Needs: pip install 'originality[serve]'",
    ),
    "serve.examples": (
        "originality serve --policy 规则.toml --index index/brand\n"
        "ORIGINALITY_TOKEN=… originality serve --host 0.0.0.0 --policy 规则.toml --audit audit.jsonl",
        "originality serve --policy brand.toml --index index/brand\n"
        "ORIGINALITY_TOKEN=… originality serve --host 0.0.0.0 --policy brand.toml --audit audit.jsonl",
    ),
    "report.help": (
        "生成一段时间的竞品模仿报告（HTML、XLSX 和 JSON）\n\n"
        "把这段时间的每条帖子与其他账号更早的帖子比对，列出谁跟了谁、晚了多久，以及各账号的内容走向。\n"
        "算过的时间段不会重算。写出 report.html（可邮寄、可打印、不需要联网）、report.xlsx（全部事件与数字）\n"
        "和 report.json（供程序使用）。可由 cron 每周运行。",
        "Write the report of a week or any span of days (HTML, XLSX and JSON)\n"
        "\n"
        "Holds every post of the span against earlier posts of other accounts: who followed whom, how\n"
        "late, and where the content of each account is going. A span that was computed before is not\n"
        "computed again. Writes report.html (to be mailed and printed; needs no network), report.xlsx\n"
        "(every event and figure) and report.json (for programs). Made to run weekly from cron.",
    ),
    "report.examples": (
        "originality report --week 2026-W46 --own 汀步茶室 --index index/brand --out 周报/2026-W46\n"
        "originality report --since 2026-11-01 --until 2026-11-12 --index index/brand --out 双十一",
        "originality report --week 2026-W46 --own OURS --index index/brand --out reports/2026-W46\n"
        "originality report --since 2026-11-01 --until 2026-11-12 --index index/brand --out double11",
    ),
    "stats.help": ("看索引里有什么", "Show what an index holds"),
    "stats.examples": ("originality stats --index index/brand", "originality stats --index index/brand"),
    "forget.help": (
        "删除帖子，不留痕迹；设定保留期限\n"
        "\n"
        "各条件同时满足才删除；同一选项写多次，满足其一即可。删除的有：正文、指纹、签名、\n"
        "向量、词频、检索缓存、文件夹里记录的模仿事件，以及以该账号命名的文件名。已经写到别处\n"
        "的报告和导出请自行删除。中断后再运行同一条命令，会接着做完。\n"
        "\n"
        "--keep-out 只记下帖子 ID 的带密钥散列，以后再收到这些帖子就丢弃，并报数。从散列读不出\n"
        "ID，但拿到索引的人可以验证某个 ID 在不在其中。没有 ID 的文件里的同一条帖子挡不住。\n"
        "\n"
        "--retention 记在索引里：以后每次 collect 结束时删除更早的帖子，并报数；没有时间的帖子\n"
        "不受影响。",
        "Delete posts without a trace; set how long posts are kept\n"
        "\n"
        "A post must fit all conditions given; of an option given several times, one value.\n"
        "Deleted are text, fingerprints, signature, vectors, word counts, search caches, the\n"
        "events of reports that are kept in the folder, and names of files that hold the\n"
        "account's name. Reports and exports written elsewhere are yours to delete. If it is\n"
        "interrupted, the same command again finishes it.\n"
        "\n"
        "--keep-out remembers keyed hashes of the ids: these posts are dropped, and counted, when\n"
        "a file brings them again. No id can be read from a hash, but whoever has the index can\n"
        "test one. The same post in a file without ids is not recognised.\n"
        "\n"
        "--retention is remembered in the index: each collect deletes older posts at its end and\n"
        "says how many. Posts without a time stay.",
    ),
    "forget.examples": (
        "originality forget --post 4467107636950632 --keep-out --index index/brand\n"
        "originality forget --account 某品牌 --before 2024-01-01 --index index/brand\n"
        "originality forget --retention 730d --index index/brand",
        "originality forget --post 4467107636950632 --keep-out --index index/brand\n"
        'originality forget --account "Some Brand" --before 2024-01-01 --index index/brand\n'
        "originality forget --retention 730d --index index/brand",
    ),
    "export.help": (
        "把索引里的帖子导出成一个文件\n"
        "\n"
        "按时间排序，含帖子的所有字段：.jsonl 或 .parquet，以文件名为准。再用 collect 收这个\n"
        "文件，得到同样的索引。",
        "Write the posts of an index to one file\n"
        "\n"
        "In order of time, with every field: .jsonl or .parquet, as the file is called. collect\n"
        "makes an equal index of it.",
    ),
    "export.examples": (
        "originality export --index index/brand --out 备份.jsonl\n"
        "originality export --account 某品牌 --since 2026-01-01 --index index/brand --out 某品牌.parquet",
        "originality export --index index/brand --out backup.jsonl\n"
        'originality export --account "Some Brand" --since 2026-01-01 --index index/brand --out brand.parquet',
    ),
    "doctor.help": (
        "检查索引是否完好，能修的就地修好\n\n退出码：0 一切正常或已修好，1 还有问题，2 无法检查。",
        "Check that an index is sound, and mend what can be mended\n"
        "\n"
        "Exit code: 0 all well or mended, 1 problems remain, 2 cannot run.",
    ),
    "doctor.examples": ("originality doctor --index index/brand", "originality doctor --index index/brand"),
    "app.help": ("打开网页界面，Ctrl-C 结束", "Open the page in a browser; Ctrl-C ends it"),
    "app.examples": (
        "originality app --index index/brand --port 8501",
        "originality app --index index/brand --port 8501",
    ),
    "option.help": ("显示这份说明", "Show this help"),
    "option.version": ("显示版本号", "Show the version"),
    "option.lang": ("说明与提示的语言：zh 或 en（也可用 ORIGINALITY_LANG）", "Language (or ORIGINALITY_LANG)"),
    "option.index": ("索引所在的文件夹", "Folder of the index"),
    "option.account.collect": ("文件里没有账号一列时，帖子都算这个账号的", "Account of posts whose file names none"),
    "option.account.check": (
        "文案要由哪个账号发布；它自己发过的不算抄",
        "Who will post the draft; own posts accuse nobody",
    ),
    "option.live": (
        "把登记的账号更新到最新，不读文件（见 originality accounts）",
        "Bring the registered accounts up to date instead of reading files",
    ),
    "option.uid": ("账号在微博的数字 ID", "Number of the account on Weibo"),
    "option.own": ("自己的品牌，不是竞品", "One's own brand, not a competitor"),
    "option.trade": ("所属行业分组，可多次使用", "Trade that it belongs to; may be repeated"),
    "option.campaign": ("所属活动分组，可多次使用", "Campaign that it belongs to; may be repeated"),
    "option.way": ("用什么方式自动更新", "How collect --live reads it"),
    "option.allow_person": (
        "微博没有标明是认证机构时也更新",
        "Read it live even if Weibo does not call it a verified organisation",
    ),
    "option.until": ("授权到哪一天为止（含当天，北京时间）", "Last day of the permission, Beijing time"),
    "option.map": ("指定哪一列是什么，可多次使用", "Which column is which; may be repeated"),
    "option.encoder": (
        "文本编码器：default、fast 或模型名，新建索引时选定",
        "default, fast or a model's name; fixed when an index is made",
    ),
    "option.limit": ("最多读这么多条帖子", "Read at most so many posts"),
    "option.quiet": ("不显示进度条", "Show no progress bar"),
    "option.json": ("以一行 JSON 输出", "Print one line of JSON"),
    "option.file": ("从文本文件读一条文案（- 为标准输入）", "Read one draft from a text file (- is standard input)"),
    "option.batch": (
        "逐行读 JSONL：text 必填，id、account、published_at 可选；逐行输出 JSON",
        "Read JSON Lines with text and, if wanted, id, account, published_at; print a line each",
    ),
    "option.policy": ("规则文件（TOML）", "The policy: a TOML file"),
    "option.policies": (
        "规则文件（TOML），可多次使用；请求按 name 选用，默认第一个",
        "A policy (TOML); may be repeated; requests choose by name, the first is the default",
    ),
    "option.audit": (
        "把每个决定追加记入这个文件（JSONL；文案只记带密钥的散列）",
        "Append each decision to this file (JSON Lines; of drafts a keyed hash)",
    ),
    "option.audit_text": ("审计文件里连文案原文一起记", "Keep the drafts themselves in the audit log, too"),
    "option.workers": ("同时工作的进程数，默认每个核一个", "Processes that work at once; one per core unless told"),
    "option.host": (
        "监听的地址；非本机地址必须设 ORIGINALITY_TOKEN",
        "Address to listen on; other than this machine needs ORIGINALITY_TOKEN",
    ),
    "option.port.serve": ("监听的端口，0 为任选", "Port to listen on; 0 takes any"),
    "option.rate": ("每个来访者每分钟最多多少次请求，0 为不限", "Requests a minute and client; 0 sets no limit"),
    "option.week": (
        "ISO 周（2026-W46）或起止日期（2026-11-09..2026-11-20），北京时间",
        "ISO week (2026-W46) or first and last day (2026-11-09..2026-11-20), Beijing time",
    ),
    "option.since.report": ("第一天，例如 2026-11-01（北京时间）", "First day, such as 2026-11-01, Beijing time"),
    "option.until.report": ("最后一天，包含在内", "Last day, included"),
    "option.own.report": (
        "自有账号，可多次使用；不写则用 accounts 登记的",
        "Own account; may be repeated. Default: those of the register",
    ),
    "option.history": (
        "往前回看几段同样长的时间，用于对比和成对统计",
        "Look back on so many earlier spans for changes and pairs",
    ),
    "option.out": ("报告写到哪个文件夹", "Folder to write to"),
    "option.window": ("往前多少天的帖子算作来源", "Posts up to so many days earlier count as sources"),
    "option.post": ("帖子的 ID（mid 或 bid）或链接，可多次使用", "Id (mid or bid) or link of a post; may be repeated"),
    "option.account.which": ("账号的名称或 UID，可多次使用", "Name or number of an account; may be repeated"),
    "option.before": ("早于这一天（北京时间）的帖子", "Posts before this day, Beijing time"),
    "option.since": ("这一天（北京时间）及以后的帖子", "Posts of this day and later, Beijing time"),
    "option.older_than": ("早于多少天前的帖子", "Posts older than so many days"),
    "option.keep_out": ("以后也不再收这些帖子", "Keep these posts out from now on"),
    "option.retention": ("帖子最多保留多少天；off 为不限", "Days that a post is kept; off keeps all"),
    "option.yes": ("不再询问，直接删除", "Delete without asking"),
    "option.out.export": ("写到哪个文件，.jsonl 或 .parquet", "File to write: .jsonl or .parquet"),
    "option.truncated": (
        "列出正文被截断的帖子（ID 与链接），以便重新抓取",
        "List the posts whose text was cut (id and link), to fetch them again",
    ),
    "option.port": ("网页的端口", "Port of the page"),
    "option.address": ("网页的地址；只想给本机用就别改", "Address of the page; the default serves this machine only"),
    # -- failures ------------------------------------------------------------------------------------------------
    "error": ("错误：{message}", "error: {message}"),
    "interrupted": ("已中断。", "Interrupted."),
    "usage.see": (" 用法见：{command} --help", " See: {command} --help"),
    "usage.missing": ("缺少 {name}。", "{name} is missing."),
    "usage.no_option": ("没有 {name} 这个选项。", "There is no option {name}."),
    "usage.bad_value": ("{name} 的值不对：{seen}。", "{name} has a wrong value: {seen}."),
    "usage.no_command": (
        "没有 {name} 这个命令，可用的有：{known}。",
        "There is no command {name}; there are: {known}.",
    ),
    "usage.forget_what": (
        "要删除哪些帖子？用 --post、--account、--before 或 --older-than 指明，或用 --retention 设定保留期限。",
        "Which posts? Say so by --post, --account, --before or --older-than, or set --retention.",
    ),
    "usage.forget_yes": (
        "这里不能询问，删除前无法确认。确定要删，请加 --yes。",
        "There is no terminal to ask for confirmation. If you are sure, add --yes.",
    ),
    "usage.moment": (
        "要写成日期，例如 2024-01-31，收到的是 {value}",
        "a date such as 2024-01-31 is needed, got {value}",
    ),
    "usage.days": ("要写成天数，例如 365d，收到的是 {value}", "days such as 365d are needed, got {value}"),
    "usage.days_or_off": (
        "要写成天数（例如 365d）或 off，收到的是 {value}",
        "days such as 365d, or off, are needed, got {value}",
    ),
    "usage.map": (
        "--map 要写成 字段=列名，例如 text=正文，收到的是 {value}。",
        "--map must read FIELD=COLUMN, for instance text=Copy, got {value}.",
    ),
    "usage.report_span": (
        "要么给出 --week，要么同时给出 --since 和 --until。",
        "Give either --week, or both --since and --until.",
    ),
    "usage.paths_or_live": (
        "要么给出 PATH，要么用 --live（--account、--map、--limit 只用于文件）。",
        "Give either PATH or --live; --account, --map and --limit are for files.",
    ),
    "usage.one_draft": (
        "文案只能给一处：TEXT、--file 或 --batch 三选一。",
        "Give the draft in exactly one way: TEXT, --file or --batch.",
    ),
    "failed.system": (
        "系统拒绝了操作：{seen}。请检查路径、权限和磁盘空间后再试。",
        "The system refused: {seen}. Check the path, its permissions and the disk, then try again.",
    ),
    "failed.memory": ("内存不够。请用 --limit 分批处理。", "Out of memory. Work in parts, with --limit."),
    "failed.unforeseen": (
        "程序出了意料之外的问题（{seen}）。设环境变量 {variable}=1 再运行一次，把显示的内容报给开发者。",
        "Something unforeseen went wrong ({seen}). Run again with {variable}=1 and report what it shows.",
    ),
    "failed.not_text": (
        "{file} 必须是 UTF-8 或 GB18030 的文本文件，看起来不是。请另存为 UTF-8 文本后再试。",
        "{file} must be a text file in UTF-8 or GB18030 and seems to be none. Save it as UTF-8 text and try again.",
    ),
    "failed.line": (
        "{file} 第 {line} 行：{what}。请改好这一行再运行。",
        "{file}, line {line}: {what}. Mend that line and run again.",
    ),
    "line.json": ("不是 JSON 对象", "this is no JSON object"),
    "line.text": ("text 必须是字符串", "text must be a string"),
    "line.id": ("id 必须是字符串或整数", "id must be a string or a whole number"),
    "line.account": ("account 必须是字符串", "account must be a string"),
    "line.published_at": (
        "published_at 必须是 ISO 时间，例如 2026-11-09T10:00:00+08:00",
        "published_at must be an ISO time such as 2026-11-09T10:00:00+08:00",
    ),
    "failed.page": (
        "网页程序 {path} 不存在：它与源码放在一起，不在安装包里。请在源码目录里用 pip install -e . 安装后运行。",
        "The page {path} is missing: it comes with the source, not with the package. Install from a checkout with "
        "pip install -e . and run there.",
    ),
    "failed.encoder": (
        "索引 {index} 是用编码器 {seen} 建的，不能再用 {wanted}。去掉 --encoder，或用 --index 指定一个新文件夹。",
        "The index at {index} was built with the encoder {seen}, not {wanted}. Leave --encoder out, or name a new "
        "folder with --index.",
    ),
}
