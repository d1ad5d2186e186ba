"""Help of the commands in words: key -> (Chinese, English)."""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
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
    "app.help": ("打开网页界面，Ctrl-C 结束", "Open the page in a browser; Ctrl-C ends it"),
    "app.examples": (
        "originality app --index index/brand --port 8501",
        "originality app --index index/brand --port 8501",
    ),
}
