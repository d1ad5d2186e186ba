"""Answers in words: key -> (Chinese, English). Read them through `texts.say`."""

from __future__ import annotations

ANSWERING: dict[str, tuple[str, str]] = {
    # -- collect -------------------------------------------------------------------------------------------------
    "collect.progress": ("已读 {read:,} 条，{rate:,.0f} 条/秒", "{read:,} read, {rate:,.0f}/s"),
    "collect.read": (
        "读到 {read:,} 条：新增 {added:,}，改版替换 {replaced:,}，信息更新 {updated:,}，没有变化 {unchanged:,}，"
        "丢弃 {dropped:,}。",
        "{read:,} read: {added:,} added, {replaced:,} replaced, {updated:,} updated, {unchanged:,} unchanged, "
        "{dropped:,} dropped.",
    ),
    "collect.dropped": ("  丢弃 {count:,} 条：{reason}", "  dropped {count:,}: {reason}"),
    "collect.silent": (
        "其中 {silent:,} 条没有自己的文字（纯转发、链接、话题等），已入库，不参与比对。",
        "{silent:,} of them have no words of their own (bare reposts, links, topics): stored, never matched.",
    ),
    "collect.done": (
        "用时 {seconds:,.1f} 秒，{rate:,.0f} 条/秒。索引 {index} 现有 {posts:,} 条帖子。",
        "{seconds:,.1f} s, {rate:,.0f} posts/s. The index at {index} holds {posts:,} posts.",
    ),
    "collect.stopped": (
        "停下时已处理 {done:,} 条，都已安全入库；索引 {index} 现有 {posts:,} 条帖子。再运行同一条命令，会接着做。",
        "Stopped after {done:,} items, all safely stored; the index at {index} holds {posts:,} posts. Run the same "
        "command again to go on.",
    ),
    # -- check ---------------------------------------------------------------------------------------------------
    "check.verdict": (
        "【{verdict}】 风险 {risk:.2f}，原创度 {originality:.2f}",
        "[{verdict}] risk {risk:.2f}, originality {originality:.2f}",
    ),
    "check.draft": ("文案：{text}", "Draft: {text}"),
    "check.legend": (
        "（【】里的字与来源相同或对应；〔〕里的是套话，× 后为用过它的帖子数，不算抄）",
        "(【】 matches a source; 〔〕 is common wording, × the posts that have it, and counts for nothing)",
    ),
    "check.colours": (
        "（红：一字不差；黄：略有改动；紫：换词改写；灰：套话，× 后为用过它的帖子数，不算抄）",
        "(red: word for word; yellow: slightly changed; magenta: reworded; grey: common wording, × the posts that have "
        "it, and counts for nothing)",
    ),
    "check.source": (
        "来源 {number}：@{account}　{time}　{kind}，风险 {risk:.2f}",
        "Source {number}: @{account}  {time}  {kind}, risk {risk:.2f}",
    ),
    "check.more": ("另有 {more} 个较弱的来源，用 --json 可看到全部。", "{more} weaker sources more: --json shows all."),
    "check.no_time": ("时间不明", "time unknown"),
    "check.caveat": ("注意：{text}", "Note: {text}"),
    "check.against": (
        "比对了 {posts:,} 条帖子（截至 {as_of}）。结论是建议，请结合依据判断。",
        "Compared with {posts:,} posts (up to {as_of}). This is advice: judge by the evidence.",
    ),
    # -- report, stats, app --------------------------------------------------------------------------------------
    "report.written": ("已写入 {path}", "Wrote {path}"),
    "app.opening": (
        "网页地址：http://{address}:{port}（按 Ctrl-C 结束）",
        "Page: http://{address}:{port} (Ctrl-C ends it)",
    ),
    "stats.posts": ("帖子 {posts:,} 条，账号 {accounts:,} 个", "{posts:,} posts by {accounts:,} accounts"),
    "stats.time": (
        "时间 {first} 至 {last}（{undated:,} 条没有时间）",
        "From {first} to {last} ({undated:,} without a time)",
    ),
    "stats.account": ("  {posts:>8,}  @{account}", "  {posts:>8,}  @{account}"),
    "stats.months": ("每月帖子数", "Posts per month"),
    "stats.month": ("  {posts:>8,}  {month}", "  {posts:>8,}  {month}"),
    "stats.vectors": ("向量 {vectors:,} 个，编码器 {encoder}", "{vectors:,} vectors, encoder {encoder}"),
    "stats.stamp": ("标记 {stamp}", "Stamp {stamp}"),
    "stats.dropped": ("丢弃的条目（按原因）", "Dropped so far, by reason"),
    "stats.reason": ("  {count:>8,}  {reason}", "  {count:>8,}  {reason}"),
    "stats.files": ("占用磁盘 {size:,.1f} MB", "{size:,.1f} MB on disk"),
    "stats.file": ("  {size:>8,.1f} MB  {name}", "  {size:>8,.1f} MB  {name}"),
    # -- doctor --------------------------------------------------------------------------------------------------
    "doctor.integrity.ok": ("数据文件完好", "The data file is sound"),
    "doctor.integrity.bad": (
        "数据文件已损坏（{seen}）。",
        "The data file is damaged ({seen}).",
    ),
    "doctor.posts.ok": ("帖子数一致：{found:,}", "Number of posts: {found:,}, as it should be"),
    "doctor.posts.bad": (
        "帖子数不一致：应有 {wanted:,}，实有 {found:,}。",
        "Number of posts: {found:,}, should be {wanted:,}.",
    ),
    "doctor.vectors.ok": ("向量数一致：{found:,}", "Number of vectors: {found:,}, as it should be"),
    "doctor.vectors.bad": (
        "向量数不一致：应有 {wanted:,}，实有 {found:,}。",
        "Number of vectors: {found:,}, should be {wanted:,}.",
    ),
    "doctor.fingerprints.ok": ("指纹数一致：{found:,}", "Number of fingerprints: {found:,}, as it should be"),
    "doctor.fingerprints.bad": (
        "指纹数不一致：应有 {wanted:,}，实有 {found:,}。",
        "Number of fingerprints: {found:,}, should be {wanted:,}.",
    ),
    "doctor.parts.ok": ("语段数一致：{found:,}", "Number of passages: {found:,}, as it should be"),
    "doctor.parts.bad": (
        "语段数不一致：应有 {wanted:,}，实有 {found:,}。",
        "Number of passages: {found:,}, should be {wanted:,}.",
    ),
    "doctor.strays.ok": ("没有已删帖子的残留", "Nothing is left of deleted posts"),
    "doctor.strays.bad": (
        "有 {found:,} 处已删帖子的残留。",
        "{found:,} traces of deleted posts are left.",
    ),
    "doctor.leftovers.ok": ("没有遗留的临时文件", "No leftover temporary files"),
    "doctor.leftovers.mended": ("已删除遗留的临时文件：{files}", "Removed leftover temporary files: {files}"),
    "doctor.caches.ok": ("检索缓存与数据一致", "The search caches fit the data"),
    "doctor.caches.mended": (
        "检索缓存与数据不一致（{seen}），已重建",
        "The search caches did not fit the data ({seen}); rebuilt them",
    ),
    "doctor.caches.bad": (
        "检索缓存重建后仍不对（{seen}）。请检查磁盘和权限后再运行一次。",
        "The search caches are still wrong after rebuilding ({seen}). Check the disk and permissions; run again.",
    ),
    "doctor.encoder.ok": ("编码器 {name} 可用，与索引一致", "The encoder {name} is there and fits the index"),
    "doctor.encoder.bad": (
        "编码器 {name} 用不了：{seen}。请装好它，或用 --index 指定新文件夹重新收集。",
        "The encoder {name} cannot be used: {seen} Install it, or collect again into a new folder with --index.",
    ),
    "doctor.disk.ok": ("磁盘剩余 {free:,.0f} MB", "{free:,.0f} MB free on the disk"),
    "doctor.disk.bad": (
        "磁盘只剩 {free:,.0f} MB，至少要 {wanted:,.0f} MB。请腾出空间。",
        "Only {free:,.0f} MB free on the disk; {wanted:,.0f} MB are needed. Make room.",
    ),
    "doctor.sound": ("索引一切正常。", "The index is sound."),
    "doctor.unsound": ("还有问题没有解决，见上面带 ✗ 的各行。", "Problems remain: see the lines with ✗."),
    "doctor.restore": (
        "请恢复备份，或用 --index 指定新文件夹重新收集。",
        " Restore a backup, or collect again into a new folder with --index.",
    ),
    # -- why items were dropped: the reasons of `collect.reasons` --
    "reason.bad JSON": ("不是有效的 JSON", "bad JSON"),
    "reason.not an object": ("不是 JSON 对象", "not an object"),
    "reason.no text": ("没有正文", "no text"),
    "reason.row has no columns": ("整行没有内容", "row has no columns"),
    "reason.more cells than columns": ("单元格比列多", "more cells than columns"),
    "reason.columns out of line": ("列错位", "columns out of line"),
    "reason.quotation mark never closed": ("引号没有闭合", "quotation mark never closed"),
    "reason.repeated header": ("重复的表头", "repeated header"),
    "reason.id damaged by a spreadsheet": ("帖子 ID 被表格软件改坏", "id damaged by a spreadsheet"),
    "reason.undecodable bytes": ("有无法解码的字节", "undecodable bytes"),
    "reason.rest of the file is damaged": ("文件后半部分损坏", "rest of the file is damaged"),
    "reason.not a post file": ("不是帖子文件", "not a post file"),
    "reason.file cannot be read as posts": ("文件无法当作帖子读取", "file cannot be read as posts"),
}
