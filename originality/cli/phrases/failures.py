"""Wrong usage and failures in words: key -> (Chinese, English)."""

from __future__ import annotations

FAILURES: dict[str, tuple[str, str]] = {
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
    "failed.no_login": (
        "没有设置登录，网页不能在 {address} 上打开：谁都能看到草稿、删除帖子。去掉 --address（只给本机用），"
        "或先在 {file} 里设置登录（docs/page.md）。",
        "There is no login, so the page cannot be served on {address}: anybody could read drafts and delete posts. "
        "Leave --address out (this machine only), or set up a login first in {file} (docs/page.md).",
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
