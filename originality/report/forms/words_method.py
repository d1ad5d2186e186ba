"""How the figures came about and what they cannot say. Key -> Chinese, English."""

from __future__ import annotations

METHOD: dict[str, tuple[str, str]] = {
    "method.events": (
        "事件：这段时间（北京时间）的每条帖子，与其他账号在它之前 {window} 天内的帖子比对。共同字句、近似重复和语义"
        "三路检索，逐字对齐后给出 0 到 1 的风险，即编辑会判为抄袭或高度模仿的概率。达到警报线的记一起，"
        "归到最相近的更早帖子；几条同样相近时取最早的。套模板与撞创意分开计，只作提醒。",
        "Events: each post of these days (Beijing time) is compared with what other accounts published in the {window} "
        "days before it, found by shared wording, near-duplicate sketches and meaning, then aligned word by word and "
        "given a risk in [0, 1]: the probability that an editor would call it copied or closely imitated. A post that "
        "reaches the alarm is one event against the earlier post that it matches best, the earliest of several about "
        "as good. Template and idea are counted apart and only advise.",
    ),
    "method.order": (
        "先后：按发布时间到分钟。同一分钟、或同一天而有一方只有日期的，先后不明，列出但不算在任何一方头上。",
        "Order: by time of publication, to the minute. The same minute, or one day with a bare date on either side, is "
        "unknown order: listed and held against neither.",
    ),
    "method.aside": (
        "不算的：声明过的转发、已授权的复用、账号自己更早用过的话、大家的套话、节日与热点当天人人都说的话，以及编辑判定不算的。"
        "它们另列，不计入数字。",
        "What does not count: declared reposts, authorised reuse, an account’s own earlier words, everybody’s "
        "formulae, what everyone says on an occasion, and what an editor dismissed. They are listed apart.",
    ),
    "method.chains": (
        "传播链与两个方向：链里只有与最早一条直接核对过的帖子。两个方向只数先后确定的文字事件，含回看期（{history}）；"
        "比例附 Wilson 区间，领先须精确二项区间（Clopper–Pearson）不含一半才说，否则写“太少，说不准”或“不分先后”。",
        "Chains and directions: a chain holds only posts verified against its first one. Directions count wording "
        "events of known order in these days and the history ({history}); shares carry Wilson intervals, and a leader "
        "is named only where the exact (Clopper–Pearson) interval leaves one half out.",
    ),
    "method.content": (
        "内容方向：以 {weeks} 周的帖子分话题。重合度 = 1 − Jensen–Shannon 距离（Endres 与 Schindelin 2003）。"
        "“谁先动”和走向用打乱周次的置换检验，不显著的一律不说。",
        "Content: topics are groups of the posts of {weeks} weeks. Overlap = 1 − Jensen–Shannon distance (Endres and "
        "Schindelin 2003). Who moved first, and drift, are tested by shuffling the weeks; what is not significant is "
        "not claimed.",
    ),
    "method.differentiation": (
        "差异化指数：一条帖子得 (a − r) / (a + r)，a、r 是本账号与最接近的三家对手在该话题上的占比；取均值，不低于 0。"
        "来源是 Lysyakov 等（Journal of Marketing 2024）：199 个零售品牌五年的帖子里，内容与近身对手差异大的互动更高。"
        "那是相关，不是因果；指数高也不等于写得好。",
        "Differentiation index: a post scores (a − r) / (a + r), where a and r are the shares of its topic in the "
        "account and in its three closest rivals; the mean, at least 0. The idea is Lysyakov et al. (Journal of "
        "Marketing 2024): of 199 retail brands over five years, those less alike their close rivals were engaged with "
        "more. That is correlation; and a high index does not mean good copy.",
    ),
    "method.engagement": (
        "篇均互动：转发、评论、赞之和的均值，只算数字已知的帖子；采集得早的帖子互动偏低。原创度：已检查帖子的自有文字中，"
        "没有被窗口内更早的帖子覆盖的比例，取均值。",
        "Engagement per post: mean of reposts, comments and likes over posts whose counts are known; posts read early "
        "have fewer. Originality: mean share of a checked post’s own letters that no earlier "
        "post of the window covers.",
    ),
    "limit.author": (
        "更早不等于原作者：双方可能引用同一个没有收集到的来源，或有授权、联名。",
        "Earlier need not mean author: both may draw on a third text that was not collected, or have a licence or a "
        "joint campaign.",
    ),
    "limit.seen": (
        "只看得到收集到的帖子。没有收集的账号、已删除的帖子不在其中，“没有事件”不等于原创。",
        "Only collected posts are seen. Accounts not collected and deleted posts are missing; no event does not mean "
        "original.",
    ),
    "limit.rewrite": (
        "不留字句的洗稿，多数还分辨不出；图片和视频不看。",
        "Most rewrites that keep no wording are not told apart yet; pictures and video are not looked at.",
    ),
    "limit.few": (
        "一周的数字很小。没有区间支持的差别，不要当作差别。",
        "A week’s figures are small. A difference that no interval supports is none.",
    ),
    "limit.verdict": (
        "结论是附证据的提醒，不是法律意见；发出指控之前，请读完两条原帖。",
        "A verdict is advice with evidence and no legal opinion; read both posts before accusing anybody.",
    ),
}
METHODS = tuple(key for key in METHOD if key.startswith("method."))
LIMITS = tuple(key for key in METHOD if key.startswith("limit."))
