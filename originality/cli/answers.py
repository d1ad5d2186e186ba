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
    "collect.expired": (
        "另有 {expired:,} 条已入库的帖子超过保留期限，已删除。",
        "{expired:,} stored posts had become older than the retention and were deleted.",
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
    # -- collect --live, accounts ----------------------------------------------------------------------------------
    "live.account": (
        "@{name}：新增 {added:,}，改版替换 {replaced:,}，信息更新 {updated:,}，没有变化 {unchanged:,}，"
        "丢弃 {dropped:,}",
        "@{name}: {added:,} added, {replaced:,} replaced, {updated:,} updated, {unchanged:,} unchanged, "
        "{dropped:,} dropped",
    ),
    "live.unfinished": (
        "  今天的请求次数已用完，更早的帖子下次接着取。",
        "  The requests of this day are used up; the next run goes on with older posts.",
    ),
    "live.failed": ("  没有更新完：{message}", "  not brought up to date: {message}"),
    "live.done": (
        "{accounts:,} 个账号，{failed:,} 个失败，请求 {requests:,} 次，用时 {seconds:,.1f} 秒。"
        "索引 {index} 现有 {posts:,} 条帖子。",
        "{accounts:,} accounts, {failed:,} failed, {requests:,} requests, {seconds:,.1f} s. The index at {index} holds "
        "{posts:,} posts.",
    ),
    "accounts.added": (
        "已登记 @{name}，{index} 共登记 {count:,} 个账号。",
        "Added @{name}; {index} knows {count:,} accounts.",
    ),
    "accounts.removed": (
        "已删除 {name} 的登记。它的帖子还在索引里，要删除请用 originality forget。",
        "Took {name} out. Its posts are still in the index; originality forget deletes them.",
    ),
    "accounts.none": ("{index} 还没有登记账号。", "{index} knows no accounts yet."),
    "accounts.authorised": (
        "{by} 可以使用 {source} 的帖子，截止：{until}",
        "{by} may reuse posts of {source} until: {until}",
    ),
    "accounts.revoked": ("{by} 不再可以使用 {source} 的帖子。", "{by} may no longer reuse posts of {source}."),
    "accounts.no_end": ("不限期", "no end"),
    "accounts.own": ("自己的品牌", "own"),
    "accounts.competitor": ("竞品", "competitor"),
    "accounts.by_api": ("自动更新：官方 API", "live: official API"),
    "accounts.by_web": ("自动更新：公开网页", "live: public web"),
    "accounts.by_none": ("不自动更新", "not live"),
    "accounts.person_allowed": ("不要求机构认证", "need not be an organisation"),
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
    # -- gate, serve -----------------------------------------------------------------------------------------------
    "gate.action": ("【{action}】 规则 {policy}（版本 {version}）", "[{action}] policy {policy} (version {version})"),
    "gate.reason": ("  - {reason}", "  - {reason}"),
    "gate.left_out": (
        "  未计入：规则排除的帖子 {excluded:,} 条，获授权的 {authorised:,} 条",
        "  Left out: {excluded:,} posts that the policy excludes, {authorised:,} authorised ones",
    ),
    "serve.listening": (
        "服务地址：http://{address}（说明 /docs；Ctrl-C 或 SIGTERM 结束）",
        "Listening on http://{address} (explained at /docs; Ctrl-C or SIGTERM ends it)",
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
    "stats.platforms": ("平台：{platforms}", "Platforms: {platforms}"),
    "stats.truncated": (
        "正文被截断的 {posts:,} 条，清单：originality stats --truncated",
        "{posts:,} with a text that was cut; listed by originality stats --truncated",
    ),
    "stats.retention": ("保留期限 {days:,} 天", "Posts are kept for {days:,} days"),
    "stats.forgotten": ("不再收录的帖子 {posts:,} 条", "{posts:,} posts are kept out"),
    # -- forget, export ------------------------------------------------------------------------------------------
    "forget.unknown": ("索引里没有符合条件的帖子 {post}。", "There is no post {post} that fits."),
    "forget.confirm": (
        "将删除以上 {posts:,} 条帖子及其一切痕迹，无法恢复。继续吗？",
        "This deletes these {posts:,} posts and every trace of them, beyond recovery. Go on?",
    ),
    "forget.more_accounts": ("  另有 {accounts:,} 个账号", "  and {accounts:,} more accounts"),
    "forget.done": (
        "已从 {index} 删除 {posts:,} 条帖子：正文、指纹、签名、向量、词频和缓存，磁盘上不留痕迹。",
        "Deleted {posts:,} posts from {index}: texts, fingerprints, signatures, vectors, word counts and caches; no "
        "trace is left on disk.",
    ),
    "forget.none": ("没有符合条件的帖子，什么也没有删除。", "No post fits; nothing was deleted."),
    "forget.kept_out": (
        "共有 {posts:,} 条帖子以后不再收录。",
        "{posts:,} posts in all are kept out from now on.",
    ),
    "forget.retention.on": (
        "帖子保留 {days:,} 天。现有 {posts:,} 条更早，下次 collect 结束时删除；现在就删："
        "originality forget --older-than {days}d",
        "Posts are kept for {days:,} days. {posts:,} are older now: the next collect deletes them at its end; to do it "
        "at once: originality forget --older-than {days}d",
    ),
    "forget.retention.off": ("不设保留期限，所有帖子都保留。", "Posts are kept without limit."),
    "export.done": ("已导出 {posts:,} 条帖子到 {path}", "Exported {posts:,} posts to {path}"),
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
    "reason.forgotten": ("已要求不再收录", "forgotten for good"),
    "reason.older than the retention": ("超过保留期限", "older than the retention"),
    "reason.undecodable bytes": ("有无法解码的字节", "undecodable bytes"),
    "reason.rest of the file is damaged": ("文件后半部分损坏", "rest of the file is damaged"),
    "reason.not public": ("不是公开的帖子", "not public"),
    "reason.by another account": ("是其他账号的帖子", "by another account"),
    "reason.not a post file": ("不是帖子文件", "not a post file"),
    "reason.file cannot be read as posts": ("文件无法当作帖子读取", "file cannot be read as posts"),
    "reason.reposted original of another account": ("他人的原微博", "reposted original of another account"),
    "reason.notice of a deleted post": ("已删除微博的提示", "notice of a deleted post"),
    "reason.part of a reply without a post": ("接口返回中没有帖子的部分", "part of a reply without a post"),
}
