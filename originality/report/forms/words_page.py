"""Words of the page: titles, remarks, cards, charts. Key -> Chinese, English."""

from __future__ import annotations

PAGE: dict[str, tuple[str, str]] = {
    "title": ("原创性报告", "Originality report"),
    "made": ("生成于 {at}（北京时间）", "Made {at}, Beijing time"),
    "own": ("自有账号：{names}", "Own accounts: {names}"),
    "contents": ("目录", "Contents"),
    "notes": ("读数之前", "Before you read the figures"),
    "cut": ("（略 {count} 字，全文见 report.xlsx）", "({count} characters left out; all of it is in report.xlsx)"),
    "more": ("另有 {count} 条，全部见 report.xlsx。", "{count} more are in report.xlsx."),
    "none": ("没有。", "None."),
    # -- headline
    "headline.no_posts": (
        "索引里没有这段时间的帖子，无从判断有没有模仿。",
        "The index holds no post of these days: nothing to report.",
    ),
    "headline.none_checked": (
        "这段时间有 {posts} 条帖子，但没有一条能够检查。",
        "None of the {posts} posts of these days could be checked.",
    ),
    "headline.none_found": (
        "检查了 {checked} 条帖子，没有一条的文字与别家更早的帖子高度相似。",
        "{checked} posts checked; the words of none closely resemble another account’s earlier post.",
    ),
    "headline.found": (
        "检查了 {checked} 条帖子，{count} 起文字与别家更早的帖子高度相似{sides}。",
        "{checked} posts checked; wording close to another account’s earlier post: {count}{sides}.",
    ),
    "headline.sides": (
        "，其中我们像别人 {ours} 起，别人像我们 {theirs} 起",
        " (ours like theirs {ours}, theirs like ours {theirs})",
    ),
    "figure.posts": ("帖子", "posts"),
    "figure.checked": ("已检查", "checked"),
    "figure.accounts": ("发帖账号", "accounts posting"),
    "figure.copied": ("抄袭", "copied"),
    "figure.imitation": ("高度模仿", "close imitation"),
    "figure.template": ("套模板", "same template"),
    "figure.idea": ("撞创意", "similar idea"),
    "figure.we_imitated": ("我们像别人", "ours like theirs"),
    "figure.imitated_us": ("别人像我们", "theirs like ours"),
    "figures.note": ("小字是与上一期（{before}）相比的变化。", "Small print: change against {before}."),
    "change.none": ("持平", "no change"),
    "change.points": (" 个百分点", " points"),
    # -- sections
    "section.first": ("先看这几条", "Look at these first"),
    "section.events": ("模仿事件", "Imitation events"),
    "section.chains": ("谁先说的：传播链", "Who said it first: chains"),
    "section.pairs": ("谁跟着谁：两个方向", "Who follows whom: both directions"),
    "section.topics": ("内容方向：在说什么", "Content direction: what is spoken of"),
    "section.directions": ("内容方向：靠近还是远离", "Content direction: nearer or farther"),
    "section.accounts": ("各账号与差异化指数", "Accounts and differentiation index"),
    "section.hours": ("发帖时间", "Hours of posting"),
    "section.occasions": ("节日与热点", "Occasions"),
    "section.hints": ("仅供参考与未计入", "Advice only, and what does not count"),
    "section.coverage": ("语料：完整与新鲜程度", "Corpus: coverage and freshness"),
    "section.method": ("方法与局限", "Method and limits"),
    # -- advice
    "first.none": ("没有需要先看的事件。", "No event asks for attention."),
    "taken": ("这些话题已经被占了", "Ideas that are taken"),
    "taken.note": (
        "这段时间至少两家别的账号发过；再写，要有自己的角度。",
        "At least two other accounts posted on these; another post needs an angle of its own.",
    ),
    "followed": ("被人跟随的帖子，最新在前", "Posts that others followed, freshest first"),
    # -- events
    "events.none": ("这段时间没有模仿事件。", "No imitation event in these days."),
    "events.note": (
        "按严重程度排列。每一条的证据在表后的卡片里：左边是更早的帖子，右边是这段时间的帖子，相同编号的标记互相对应。"
        "套模板和撞创意只是提醒，不是指控。",
        "Gravest first. The cards after the table hold the evidence: the earlier post on the left, the one of these "
        "days on the right; marks of one number belong together. Template and idea are hints, not accusations.",
    ),
    "events.more": (
        "这里列出最严重的 {shown} 起，另有 {count} 起见 report.xlsx 的“事件”表。",
        "The gravest {shown} are shown; {count} more are in the sheet of events of report.xlsx.",
    ),
    "card.advice": ("{kind}（提醒，不是指控）", "{kind} (a hint, no accusation)"),
    "role.source": ("更早的帖子", "Earlier post"),
    "role.draft": ("这段时间的帖子", "Post of these days"),
    "role.either": ("先后不明", "Order unknown"),
    "ours": ("自有", "ours"),
    "link": ("原帖", "post"),
    "risk": ("风险 {risk}", "risk {risk}"),
    "late": ("晚 {lag}", "{lag} later"),
    "late.by_day": ("晚 {lag}（只有日期）", "{lag} later (by date)"),
    "others": ("同样相近的更早帖子：{names}", "Earlier posts about as close: {names}"),
    "decision": ("编辑 {who} 判定：{choice}。{note}", "Decision by {who}: {choice}. {note}"),
    "mark.exact": ("原样", "word for word"),
    "mark.near": ("近似", "nearly so"),
    "mark.rewrite": ("改写", "reworded"),
    "mark.common": ("套话，不计入", "everybody’s words, not counted"),
    # -- chains
    "chains.none": ("没有先后确定的文字事件，没有传播链。", "No wording event of known order, so no chain."),
    "chains.note": (
        "只连与第一条逐一核对过的帖子，不做间接推断。方块是已知最早的帖子，圆点是后来的；实心为照搬，半实为改动，空心为改写。",
        "Only posts verified against the first one are joined; nothing is inferred through a third. Square: the "
        "earliest known post. Dots: the later ones; full = word for word, half = changed, hollow = reworded.",
    ),
    "chain.label": ("传播链：{account} 的帖子之后有 {count} 条跟随", "Chain: {count} posts follow one of {account}"),
    "chain.more": ("另有 {count} 条跟随", "{count} more followers"),
    # -- pairs
    "pairs.none": (
        "没有先后确定的文字事件，谈不上谁跟着谁。",
        "No wording event of known order: nobody followed anybody.",
    ),
    "pairs.note": (
        "只数先后确定的文字事件。括号里是 95% 区间；次数太少的写明“太少，说不准”，不下结论。",
        "Only wording events of known order count. In brackets the 95% interval; where there are too few, the table "
        "says so and draws no conclusion.",
    ),
    "network": ("跟随关系图：箭头从先发者指向跟随者", "Who followed: arrows lead from the first to the follower"),
    "network.note": (
        "数字为这段时间和回看期的次数，线越粗次数越多；虚线表示次数太少，说不准。深色方块是自有账号。"
        "最多画 16 个账号、30 对，都是往来最多的。",
        "Figures: events of these days and the history; thicker means more, dashed means too few to tell. Dark "
        "squares are own accounts. At most 16 accounts and 30 pairs, the busiest.",
    ),
    "matrix": ("谁跟着谁：行先发，列跟随（次数，含回看期）", "Row led, column followed (events, history included)"),
    "matrix.corner": ("先发 ＼ 跟随", "led ＼ followed"),
    # -- content
    "topics.none": ("帖子太少，分不出话题。", "Too few posts to tell topics."),
    "topics.note": (
        "话题由 {weeks} 周的帖子分出，一周一周可比；以最能区分它的几个词命名。",
        "Topics are groups of the posts of {weeks} weeks, comparable from week to week, named by their telling words.",
    ),
    "topics.chart": ("各话题每周帖子数", "Posts per topic and week"),
    "topics.week": ("周", "week"),
    "directions.none": ("帖子太少，比不出内容方向。", "Too few posts to compare content directions."),
    "directions.note": (
        "重合度 1 为话题分布完全相同，0 为毫无相同。走向是每周向对方靠近（正）或远离（负）的程度，横线为区间；"
        "区间跨过 0 的，不算靠近也不算远离。",
        "Overlap 1: the same topics as often; 0: none shared. Drift: change of affinity per week, positive towards; "
        "bars are intervals, and one that holds 0 says neither.",
    ),
    "directions.chart": ("话题重合度与走向", "Overlap of topics, and drift"),
    "directions.overlap": ("重合度", "Overlap"),
    "directions.drift": ("每周走向：左远离，右靠近", "Drift per week: left away, right towards"),
    "directions.now": ("● 这段时间", "● these days"),
    "directions.long": ("◇ {weeks} 周", "◇ {weeks} weeks"),
    "accounts.note": (
        "差异化指数 1 为话题全是自己的，0 为与最接近的对手无异；原创度是自有文字中没有被别家更早帖子覆盖的比例。"
        "互动放在旁边，只供对照，不说明因果。",
        "Differentiation 1: all topics its own; 0: no different from its closest rivals. Originality: share of own "
        "letters that no earlier post of others covers. Engagement stands beside it and explains nothing.",
    ),
    "accounts.none": ("这段时间没有账号发帖。", "No account posted in these days."),
    "accounts.chart": ("差异化指数与篇均互动", "Differentiation index and engagement per post"),
    "accounts.before": ("◇ 上一期", "◇ span before"),
    "formats.title": ("各账号的帖子形式", "Formats by account"),
    "hours.chart": ("发帖时间：{name}", "Hours of posting: {name}"),
    "hours.all": ("全部账号", "all accounts"),
    "hours.own": ("自有账号", "own accounts"),
    "hours.note": (
        "最近 {weeks} 周，北京时间。只有日期、没有钟点的 {dated} 条不在图里。",
        "The last {weeks} weeks, Beijing time. {dated} posts with a bare date are not in it.",
    ),
    "hours.hour": ("时", "hour"),
    "hours.none": ("没有带钟点的帖子。", "No post has an hour."),
    # -- occasions
    "occasions.none": ("这段时间没有大家一起说的节日或热点。", "No occasion that many spoke of in these days."),
    "occasions.note": (
        "同一天大家都会说的话不算抄。下面是每个角度有多挤，以及哪个角度没有人用。",
        "What everybody says that day accuses nobody. Below: how crowded each angle was, and which nobody took.",
    ),
    "occasion.line": (
        "{since} 至 {until}，{accounts} 家 {posts} 条，最早：{first}",
        "{since} to {until}: {posts} posts by {accounts} accounts, the first by {first}",
    ),
    "occasion.untaken": ("没有人用的角度：{names}", "Angles nobody took: {names}"),
    "occasion.phrases": ("大家共用的话：{names}", "Wording that all share: {names}"),
    "occasion.chart": ("{name}：各角度有多少家在用", "{name}: accounts that took each angle"),
    "occasion.nobody": ("没有人用", "nobody"),
    # -- the rest
    "hints.title": ("仅供参考", "Advice only"),
    "hints.note": (
        "证据不足、或只是结构与创意相近的 {count} 起。这是提醒，不是指控，不计入任何数字。",
        "{count} on weak evidence, or alike in structure or idea only: hints, no accusations, and in no figure.",
    ),
    "aside.title": ("看着像、但不算的", "What looked like an event and is none"),
    "left_out.title": ("没有检查的帖子", "Posts that were not checked"),
    "left_out.none": ("这段时间的帖子全部检查过。", "Every post of these days was checked."),
    "coverage.line": (
        "这段时间与此前 {window} 天的窗口里有 {posts} 条帖子、{accounts} 个账号；索引最新一条：{newest}。",
        "{posts} posts by {accounts} accounts in these days and the {window} days before; newest in the index: "
        "{newest}.",
    ),
    "coverage.holes": ("没有任何帖子的日子：{days}", "Days without any post: {days}"),
    "coverage.missing": ("最后 {hours} 小时还没有收集。", "The last {hours} hours have not been collected yet."),
    "footer": (
        "结论是附证据的提醒，是否构成抄袭由人判断。",
        "A verdict is advice with evidence; whether it is plagiarism is for people to say.",
    ),
    "index": ("索引 {posts} 条帖子，标识 {stamp}", "Index of {posts} posts, stamp {stamp}"),
    "too_few": ("太少，说不准", "too few to tell"),
    "table": ("数据表", "Table"),
    # -- figures in words
    "lag.unknown": ("先后不明", "order unknown"),
    "lag.none": ("不到 1 分钟", "under a minute"),
    "unit.day": ("{count} 天", "{count} d"),
    "unit.hour": ("{count} 小时", "{count} h"),
    "unit.minute": ("{count} 分钟", "{count} min"),
    "direction.none": ("0 次", "0"),
    "direction": ("{count} 次（含回看 {all}）", "{count} (with history {all})"),
    "direction.lag": ("；中位晚 {lag}", "; median {lag} later"),
    "direction.range": ("；中位晚 {lag}（{low} 至 {high}）", "; median {lag} later ({low} to {high})"),
}
