"""The command `calibrate` in words, and what others say of the thresholds: key -> (Chinese, English)."""

from __future__ import annotations

CALIBRATING: dict[str, tuple[str, str]] = {
    "calibrate.help": (
        "在自己的语料上定警报线：每 100 篇原创误报几篇\n"
        "\n"
        "抽一些帖子（各账号轮流抽，同一种子抽到的相同），当作草稿与其他账号的帖子比对，不分先后；\n"
        "同一主人的账号、有授权关系的账号互不比对。确定的照抄不计入，并报数。结果写入索引文件夹的\n"
        "calibration.json，检查、把关、网页和报告从此用它。少于 100 条可用或少于 3 个账号时不写，\n"
        "仍用出厂的警报线。--own 指明的账号各自再定一条。\n"
        "\n"
        "--decisions 再看编辑在网页「复核」里的意见：认可的是真警报，不采纳的是误报；两种各满 20 篇\n"
        "才算，与抽查相差超出误差时，建议一条警报线。\n"
        "\n"
        "退出码：0 已写入（或已显示、已删除），1 帖子太少，没有写，2 用法有误或运行失败。",
        "Set the threshold of alarms on your own corpus: so many false ones per 100 originals\n"
        "\n"
        "Draws posts (of all accounts in turns; the same seed draws the same) and checks each as\n"
        "a draft against the posts of other accounts, earlier or not; accounts of one owner and\n"
        "accounts with a permission between them are kept apart. Copies beyond doubt are left\n"
        "out, and counted. The result is calibration.json in the folder of the index; check,\n"
        "gate, page and report use it from then on. With fewer than 100 usable posts or 3\n"
        "accounts nothing is written and the shipped threshold stays. Each account of --own gets\n"
        "a threshold of its own, too.\n"
        "\n"
        "--decisions also weighs what editors decided on the page: an accepted alarm was true,\n"
        "one set aside was false. With 20 of both kinds it is compared with the sample; where\n"
        "they differ by more than chance explains, a threshold is proposed.\n"
        "\n"
        "Exit code: 0 written (or shown, or removed), 1 too few posts, nothing written, 2 bad\n"
        "usage or failure.",
    ),
    "calibrate.examples": (
        "originality calibrate --per-100 1 --own 汀步茶室 --index index/brand\n"
        "originality calibrate --show --index index/brand",
        "originality calibrate --per-100 1 --own OURS --index index/brand\n"
        "originality calibrate --show --index index/brand",
    ),
    "option.per_100": (
        "每 100 篇原创允许误报几篇，0.25 到 20",
        "False alarms per 100 original drafts, 0.25 to 20",
    ),
    "option.alarms_per_100": (
        "警报线定在每 100 篇原创误报几篇，0.25 到 20；不写则用现行的",
        "Alarms from where so many of 100 originals are one, 0.25 to 20; else as in force",
    ),
    "option.own.calibrate": (
        "自有账号，可多次使用：互不算来源，各有自己的警报线",
        "Own account; may be repeated: kept apart, each with a threshold of its own",
    ),
    "option.sample": ("抽多少条帖子", "Posts to draw"),
    "option.seed": ("抽样的种子", "Seed of the draw"),
    "option.decisions": ("再看编辑的意见", "Also weigh the decisions of editors"),
    "option.show": ("只显示现行的警报线", "Only show what is in force"),
    "option.reset": ("删除校准，改回出厂的警报线", "Remove the calibration; the shipped thresholds hold again"),
    "usage.show_or_reset": (
        "--show 和 --reset 要单独用，--show 只可加 --decisions 和 --own。",
        "--show and --reset stand alone; --show takes only --decisions and --own beside it.",
    ),
    "calibrate.drawn": (
        "抽查 {drawn:,} 条帖子（种子 {seed}），与其他账号的帖子比对。",
        "Drew {drawn:,} posts (seed {seed}) and compared them with posts of other accounts.",
    ),
    "calibrate.drawn_of": ("「{brand}」的 {drawn:,} 条帖子：", "{drawn:,} posts of {brand}:"),
    "calibrate.left_out": ("  不计入 {count:,} 条：{reason}", "  left out {count:,}: {reason}"),
    "why.copy": (
        "确定的照抄（一字不差或略有改动，任一方至少 {share:.0%} 相同，且至少 {letters} 字）",
        "copies beyond doubt (word for word or slightly changed, at least {share:.0%} of either text, at least "
        "{letters} characters)",
    ),
    "why.repost": ("声明的转发", "declared reposts"),
    "why.undetermined": ("太短、只有套话等，无法判断", "cannot be judged: too short, boilerplate only, …"),
    "why.repeated": ("同一账号重复的话", "the same words by the same account again"),
    "why.gone": ("刚被删除", "deleted meanwhile"),
    "calibrate.usable": (
        "  可用 {posts:,} 条，来自 {accounts:,} 个账号。出厂的警报线（{line:.2f}）在其中误报 {shipped:,} 条。",
        "  usable: {posts:,} of {accounts:,} accounts. The shipped threshold ({line:.2f}) accuses {shipped:,} of them.",
    ),
    "calibrate.too_few": (
        "帖子不够：至少要 {needed:,} 条可用、来自 {fewest} 个账号，才能定「每 100 篇误报 {rate:g} 篇」。没有写入，"
        "仍用原来的警报线。请多收集一些，加大 --sample，或提高 --per-100。",
        "Too few posts: {needed:,} usable ones of {fewest} accounts are needed to set {rate:g} per 100. Nothing was "
        "written; the thresholds stay as they were. Collect more, or raise --sample or --per-100.",
    ),
    "calibrate.too_few_of": (
        "  「{brand}」不够 {needed:,} 条，仍用全部账号的警报线。",
        "  {brand} has fewer than {needed:,}: the threshold of all accounts holds for it.",
    ),
    "calibrate.range": (
        "  这条线本身的 95% 区间：{low:.2f} 至 {high:.2f}；留意线 {review:.2f}，套模板 {template:.2f}。",
        "  95% interval of the threshold itself: {low:.2f} to {high:.2f}; review from {review:.2f}, template from "
        "{template:.2f}.",
    ),
    "calibrate.low": (
        "  注意：这条线低于出厂的留意线（{review:.2f}），警报的依据会偏弱，请对照来源看。",
        "  Note: this is below what the shipped judge holds worth a look ({review:.2f}); alarms will rest on little.",
    ),
    "calibrate.written": (
        "已写入 {path}，检查、把关、网页和报告从现在起用它。",
        "Wrote {path}; check, gate, page and report use it from now on.",
    ),
    "calibrate.made": (
        "校准于 {date}，当时语料 {posts:,} 条，现有 {now:,} 条。",
        "Calibrated on {date} over {posts:,} posts; now there are {now:,}.",
    ),
    "calibrate.none": ("没有校准。", "Not calibrated."),
    "calibrate.removed": ("已删除 {path}，改用出厂的警报线。", "Removed {path}; the shipped thresholds hold again."),
    "calibrate.nothing_to_remove": ("没有校准，不用删除。", "Not calibrated; nothing to remove."),
    "calibrate.all_brands": ("全部", "all"),
    "calibrate.decisions": (
        "编辑的意见（{brand}）：认可 {accept:,}，不采纳 {override:,}，请同事看 {ask:,}。",
        "Decisions ({brand}): {accept:,} accepted, {override:,} set aside, {ask:,} asked about.",
    ),
    "calibrate.no_decisions": ("还没有编辑的意见。", "No decisions yet."),
    "calibrate.broken": (
        "意见文件有 {count:,} 行损坏，没有算。",
        "{count:,} damaged lines of decisions are not counted.",
    ),
    "calibrate.other_judge": (
        "  另有 {count:,} 篇是另一个版本判定的，风险不可比，没有算。",
        "  {count:,} more were judged by another version; their risks cannot be compared.",
    ),
    "calibrate.too_few_decisions": (
        "  认可和不采纳各满 {fewest} 篇，才能与警报线对照。",
        "  {fewest} of both kinds are needed to compare them with the threshold.",
    ),
    "calibrate.would": (
        "  现行警报线 {line:.2f}：不采纳的 {overridden:,} 篇里仍会误报 {false:,} 篇，认可的 {accepted:,} 篇里会漏掉 "
        "{missed:,} 篇；合每 100 篇原创误报 {rate:.2g} 篇（95% 区间 {low:.2g} 至 {high:.2g}）。",
        "  Alarms from {line:.2f}: {false:,} of the {overridden:,} set aside would still be alarms, {missed:,} of the "
        "{accepted:,} accepted would not; that is {rate:.2g} false alarms per 100 originals (95% interval {low:.2g} to "
        "{high:.2g}).",
    ),
    "calibrate.agrees": ("  与测定相符。", "  This agrees with what is in force."),
    "calibrate.proposed": (
        "  与测定不符，超出误差。建议警报线 {proposed:.4f}：在规则文件里写 [wording] block = {proposed:.4f}。",
        "  This differs from what is in force by more than chance explains. Proposed: {proposed:.4f}; in the policy: "
        "[wording] block = {proposed:.4f}.",
    ),
    "calibrate.differs": (
        "  与测定不符，超出误差；意见都在线上方，定不出更低的线。",
        "  This differs from what is in force by more than chance explains; no alarm below was decided on, so no "
        "threshold can be proposed.",
    ),
    "warning": ("注意：{message}", "warning: {message}"),
    "doctor.calibration.ok": ("校准文件可用", "The calibration can be used"),
    "doctor.calibration.bad": (
        "校准没有生效（{seen}）。请重新运行 originality calibrate，或用 --reset 删除。",
        "The calibration is not in force ({seen}). Run originality calibrate again, or remove it with --reset.",
    ),
}
