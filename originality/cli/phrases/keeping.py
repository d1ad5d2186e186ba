"""The doctor and backups in words: key -> (Chinese, English)."""

from __future__ import annotations

KEEPING: dict[str, tuple[str, str]] = {
    "doctor.help": (
        "检查索引是否完好，能修的就地修好\n"
        "\n"
        "总会修好的：检索缓存、遗留的临时文件。加 --mend 时，数据文件损坏、格式旧或与编码器不符，就用\n"
        "读得出的帖子重建（不需要原来的导出文件），向量能用的照旧；读不出的帖子由 --from 指明的导出文件\n"
        "补回。有帖子读不出来时，旧文件留在旁边，不会删除。运行前请先停掉使用该索引的程序。\n"
        "\n"
        "退出码：0 一切正常或已修好，1 还有问题，2 无法检查。",
        "Check that an index is sound, and mend what can be mended\n"
        "\n"
        "Search caches and leftover temporary files are always mended. With --mend, a data file\n"
        "that is damaged, of an older format or of another version of its encoder is made anew\n"
        "from the posts that can be read in it, with the vectors that still hold; posts that\n"
        "cannot be read come from the export named by --from. Where any could not, the old file\n"
        "is kept beside the new one. End what uses the index first.\n"
        "\n"
        "Exit code: 0 all well or mended, 1 problems remain, 2 cannot run.",
    ),
    "doctor.examples": (
        "originality doctor --index index/brand\noriginality doctor --mend --from 备份.jsonl --index index/brand",
        "originality doctor --index index/brand\noriginality doctor --mend --from backup.jsonl --index index/brand",
    ),
    "option.mend": ("数据文件有问题时重建", "Make the data file anew where something is wrong with it"),
    "option.from": (
        "补回读不出的帖子的导出文件或文件夹",
        "Export, or folder of exports, for posts that cannot be read",
    ),
    "option.encoder.lost": ("读不出原来的编码器时用哪个", "Encoder where the old file does not tell it any more"),
    "usage.mend": ("--from 和 --encoder 要和 --mend 一起用。", "--from and --encoder go with --mend."),
    "backup.help": (
        "备份整个索引文件夹，使用中也可以\n"
        "\n"
        "DIR 是新文件夹。数据按同一时刻的样子复制，检查无误后才算数；中断或失败时什么也不留下。\n"
        "恢复：停掉使用索引的程序，把备份复制回去。备份里的帖子不受 forget 影响，请另行删除。",
        "Copy the whole folder of an index, also while it is in use\n"
        "\n"
        "DIR is a new folder. The data are copied as of one moment, and the copy is checked\n"
        "before it counts; of one that fails nothing is left. To restore, end what uses the\n"
        "index and copy the backup back. forget does not reach into backups: delete them.",
    ),
    "backup.examples": (
        "originality backup backups/$(date +%F) --index index/brand",
        "originality backup backups/$(date +%F) --index index/brand",
    ),
    "backup.done": (
        "已备份 {posts:,} 条帖子到 {path}，检查无误。",
        "Backed up {posts:,} posts to {path}; the copy is sound.",
    ),
    "doctor.format.bad": (
        "数据文件是旧格式（第 {seen} 版，现在是第 {wanted} 版）。",
        "The data file is of an older format ({seen}, now {wanted}).",
    ),
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
    "doctor.words.ok": ("词频一致：{found:,}", "Counts of words: {found:,}, as they should be"),
    "doctor.words.bad": (
        "词频不一致：应有 {wanted:,}，实有 {found:,}。",
        "Counts of words: {found:,}, should be {wanted:,}.",
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
        "编码器 {name} 用不了：{seen}。请装好它；版本变了就加 --mend 用现在的重新编码。",
        "The encoder {name} cannot be used: {seen} Install it, or use --mend where its version has changed.",
    ),
    "doctor.disk.ok": ("磁盘剩余 {free:,.0f} MB", "{free:,.0f} MB free on the disk"),
    "doctor.disk.bad": (
        "磁盘只剩 {free:,.0f} MB，至少要 {wanted:,.0f} MB。请腾出空间。",
        "Only {free:,.0f} MB free on the disk; {wanted:,.0f} MB are needed. Make room.",
    ),
    "doctor.texts.ok": (
        "查了 {checked:,} 条正文，指纹和签名都对得上",
        "{checked:,} texts fit what was derived from them",
    ),
    "doctor.texts.bad": (
        "查了 {checked:,} 条正文，{found:,} 条与指纹或签名对不上。",
        "Of {checked:,} texts {found:,} do not fit what was derived from them.",
    ),
    "doctor.events.ok": ("报告记录可用", "The findings of reports can be read"),
    "doctor.events.bad": (
        "报告记录已损坏（{seen}）。请从备份恢复 {file}；没有备份就把它移走，报告会重算，编辑在报告上的决定会丢失。",
        "The findings of reports are damaged ({seen}). Restore {file} from a backup; without one move it away: reports "
        "are computed anew, what editors decided on them is lost.",
    ),
    "doctor.register.ok": ("账号登记可用", "The register of accounts can be read"),
    "doctor.register.bad": ("账号登记用不了：{seen}", "The register of accounts cannot be used: {seen}"),
    "doctor.rebuilt.mended": (
        "已重建数据文件，现有 {posts:,} 条帖子（其中从旧文件读出 {read:,} 条）",
        "Made the data file anew: {posts:,} posts, {read:,} of them read from the old file",
    ),
    "doctor.lost.bad": (
        "旧文件里约有 {posts:,} 条帖子读不出来，旧文件留在 {file}。请用 --mend --from 补回，或重新收集；"
        "确定不再需要后请删除旧文件。",
        "About {posts:,} posts of the old file could not be read; it is kept as {file}. Bring them back by --mend "
        "--from, or collect them again; remove the old file once it is of no use any more.",
    ),
    "doctor.lost.mended": (
        "旧文件有读不出的地方，没有发现少了帖子。旧文件留在 {file}，确定不再需要后请删除",
        "Parts of the old file could not be read; no post is known to be missing. It is kept as {file}: remove it once "
        "it is of no use any more",
    ),
    "doctor.kept_out.bad": (
        "读不出哪些帖子不再收录，被删除过的帖子可能又收了进来。请再运行 forget --keep-out。",
        "Which posts must not come back cannot be read any more: some may have come back. Run forget --keep-out again.",
    ),
    "doctor.sound": ("索引一切正常。", "The index is sound."),
    "doctor.unsound": ("还有问题没有解决，见上面带 ✗ 的各行。", "Problems remain: see the lines with ✗."),
    "doctor.restore": (
        "请加 --mend 重建，或恢复备份。",
        " Make it anew with --mend, or restore a backup.",
    ),
    "doctor.mending": ("正在重建 {index}……", "Making {index} anew..."),
}
