"""Help of the options in words: key -> (Chinese, English)."""

from __future__ import annotations

OPTIONS: dict[str, tuple[str, str]] = {
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
    "option.workers.serve": (
        "检测进程数，默认每个核一个、最多 8 个；每个都要装一份模型，1 为不另开进程",
        "Processes that check; one per core, at most 8, unless told. Each loads the model; 1 starts none",
    ),
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
}
