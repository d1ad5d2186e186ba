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
    "collect.examples": (
        "originality collect 导出/ --index index/brand\n"
        "originality collect 帖子.xlsx --map text=文案 --map account=品牌 --index index/brand",
        "originality collect exports/ --index index/brand\n"
        "originality collect posts.xlsx --map text=Copy --map account=Brand --index index/brand",
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
    "report.help": (
        "生成一周的模仿报告（HTML 和 JSON）\n\n把这一周的每条帖子与其他账号更早的帖子比对，列出谁跟了谁。",
        "Write the report of one week (HTML and JSON)\n"
        "\n"
        "Holds every post of the week against earlier posts of other accounts: who followed whom.",
    ),
    "report.examples": (
        "originality report --week 2026-W46 --index index/brand --out 周报",
        "originality report --week 2026-W46 --index index/brand --out reports",
    ),
    "stats.help": ("看索引里有什么", "Show what an index holds"),
    "stats.examples": ("originality stats --index index/brand", "originality stats --index index/brand"),
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
    "option.week": ("ISO 周，例如 2026-W46（北京时间）", "ISO week such as 2026-W46, Beijing time"),
    "option.out": ("报告写到哪个文件夹", "Folder to write to"),
    "option.window": ("往前多少天的帖子算作来源", "Posts up to so many days earlier count as sources"),
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
    "usage.map": (
        "--map 要写成 字段=列名，例如 text=正文，收到的是 {value}。",
        "--map must read FIELD=COLUMN, for instance text=Copy, got {value}.",
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
