"""The lab's texts in English and Chinese: one catalogue for Python and for the page.

A field in braces is a name; what fills it in is text or a number already written as it is to stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CATALOGUE: dict[str, tuple[str, str]] = {
    # the line that says what to do, what is being done, what has happened
    "first": (
        "Click a box to share or split a layer, or take one of the plans above; then press Train to see what every task gains or loses.",
        "点击示意图里的方块来共享或拆分各层，或者选一个现成方案；再按“训练”，看每个任务提高还是下降。",
    ),
    "first here": (
        "Take one of the plans above (or click the boxes), then press Train: the answer comes from trainings that have been run already.",
        "选一个现成方案（或点击方块），再按“训练”：答案来自已经做完的训练。",
    ),
    "then train": ("Press Train to see what it changes.", "按“训练”，看看有什么变化。"),
    "preset put": ("The plan is now: {name}.", "现在的方案：{name}。"),
    "loading": ("Loading TensorFlow, once …", "正在载入 TensorFlow，只需一次……"),
    "compiling": ("Building the model …", "正在搭建模型……"),
    "epoch": ("Training by the plan: epoch {epoch} of {epochs}.", "正在按方案训练：第 {epoch} 轮，共 {epochs} 轮。"),
    "baseline": (
        "Training {task} alone, to compare with: epoch {epoch} of {epochs}.",
        "正在单独训练 {task}，用来比较：第 {epoch} 轮，共 {epochs} 轮。",
    ),
    "stopping": ("Stopping …", "正在停止……"),
    "stopped": ("Stopped; what was learned is kept.", "已停止；学到的都保留着。"),
    "stopped at once": ("Stopped; nothing had been learned yet.", "已停止；还什么都没有学到。"),
    "replaced": (
        "Another lab has started a training, so this one was stopped; what it had learned is kept.",
        "另一个实验室开始了训练，所以这里停止了；学到的都保留着。",
    ),
    "replaced at once": (
        "Another lab has started a training, so this one was stopped before it had learned anything.",
        "另一个实验室开始了训练，所以这里还没学到什么就停止了。",
    ),
    "broke down": ("The training broke down; see what is said beside the curves.", "训练中途失败；原因写在曲线下面。"),
    "done": ("Done: see the curves, and the line below them.", "完成：请看曲线和下面的结论。"),
    "instant answer": (
        "Answered at once, from five finished trainings of this plan with five seeds.",
        "立即给出答案：这个方案已经用五个种子训练过五次。",
    ),
    "busy": ("A training is running. Stop it first.", "训练正在进行，请先停止。"),
    "not in table": (
        "Nobody has trained this plan with these dials in advance. Train it yourself: open lesson 04 in Jupyter, on your machine or on Binder.",
        "这个方案在这些设置下没有预先训练过。请亲自训练：在自己的电脑或 Binder 上用 Jupyter 打开第 04 课。",
    ),
    "gone": (
        "The kernel has restarted, and this lab has lost its connection: run this cell again.",
        "内核已经重启，这个实验室断了连接：请重新运行这个单元格。",
    ),
    "silent": (
        "The kernel has not answered yet. If it is busy, the answer will come; if it was restarted, run this cell again.",
        "内核还没有回应。如果它正忙，稍后就会回应；如果重启过，请重新运行这个单元格。",
    ),
    "trouble": ("This did not work:", "没有成功："),
    "details": ("Where it happened", "出错的位置"),
    # the page
    "title": ("The Sharing Lab", "共享实验室"),
    "lead": (
        "One model, four tasks: which layers should they share? Every answer here comes from trainings that are finished, five seeds each.",
        "一个模型，四个任务：哪些层应该共享？这里的每个答案都来自已经做完的训练，每个五个种子。",
    ),
    "yourself": ("Train it yourself, in a notebook of the course:", "亲自训练，在课程的笔记本里运行："),
    "on binder": ("open lesson 04 on Binder", "在 Binder 上打开第 04 课"),
    "box page": ("Type a sentence, and a trained model answers it here", "输入一个句子，训练好的模型就在这里回答"),
    # the diagram
    "board": (
        "The plan as a diagram. Arrow keys go from box to box, Enter changes one, Shift and an arrow joins it with its neighbor.",
        "方案示意图。方向键在方块之间移动，回车键更改，Shift 加方向键与相邻的任务合并。",
    ),
    "sentence": ("words of the sentence", "句子里的词"),
    "head": ("heads", "头"),
    "own": ("own", "独用"),
    "shared": ("shared", "共享"),
    "left": ("left", "已离开"),
    "is own": ("{task} has a copy of {level} of its own.", "{task} 独用一份 {level}。"),
    "is shared": ("{task} shares {level} with {others}.", "{task} 与 {others} 共享 {level}。"),
    "is left": ("{task} leaves below {level}.", "{task} 在 {level} 之下离开。"),
    "will own": ("{task} gets a copy of {level} of its own", "{task} 独用一份 {level}"),
    "will shared": ("{task} shares {level} with {others}", "{task} 与 {others} 共享 {level}"),
    "will left": ("{task} leaves below {level}: its head reads the level under it", "{task} 在 {level} 之下离开：它的头接在下面一层"),
    "point": (
        "Point at a box: here it says what a click would change.",
        "把鼠标移到方块上：这里会说明点击会改变什么。",
    ),
    "by click": ("Click: {what}. Or drag the box onto another.", "点击：{what}。也可以把方块拖到另一个上面。"),
    "by drop": ("Drop here: {what}.", "放在这里：{what}。"),
    "by key": ("Enter: {what}.", "回车：{what}。"),
    "numbers": (
        "{total} parameters, {shared} of them shared; as separate models {apart} ({part}% of that).",
        "共 {total} 个参数，其中 {shared} 个为共享；若各建一个模型，需 {apart} 个（现为其 {part}%）。",
    ),
    "comma": (", ", "、"),
    # presets and dials
    "presets": ("Plans", "现成方案"),
    "separate": ("separate", "互不共享"),
    "embedding only": ("embedding only", "只共享嵌入层"),
    "lower half": ("lower half", "共享下半部"),
    "all shared": ("all shared", "全部共享"),
    "ner low": ("ner low", "ner 提前离开"),
    "labels": ("labels", "标签数"),
    "labels why": ("{task}: training sentences that keep their label; the others' are hidden", "{task}：保留标签的训练句子数，其余句子的标签被隐藏"),
    "weights": ("loss weight", "损失权重"),
    "weights why": ("{task}: how much its loss counts in the sum", "{task}：它的损失在总和中占多大分量"),
    "encoder": ("encoder", "编码器"),
    "encoder why": ("what each level above the words does", "嵌入层之上每一层做什么"),
    "corpus": ("corpus", "语料"),
    "corpus why": ("language of the sentences", "句子的语言"),
    "epochs": ("epochs", "轮数"),
    "epochs why": (
        "of 100 steps each; with fewer, what is finished is read off at that epoch",
        "每轮 100 步；轮数调少时，已有结果就在那一轮上读取",
    ),
    "learning_rate": ("learning rate", "学习率"),
    "learning_rate why": ("size of the steps", "每一步迈多大"),
    "seed": ("seed", "随机种子"),
    "seed why": ("labels kept, first values, order", "决定保留的标签、初值和顺序"),
    "relatedness": ("auxiliary task", "辅助任务"),
    "relatedness why": ("one more task, and how much its labels tell about person", "多一个任务；它的标签透露多少 person 的信息"),
    "balancing": ("balancing", "损失平衡"),
    "balancing why": (
        "how the tasks' losses, or their gradients, become one step; a method takes the place of the weights set by hand",
        "各任务的损失或梯度怎样合成一步；选了某种方法，就不再用手设的权重",
    ),
    "equal": ("plain sum", "简单相加"),
    "log_labels": ("÷ log C", "÷ log C（类别数的对数）"),
    "uncertainty": ("uncertainty", "不确定性加权"),
    "geometric": ("geometric mean", "几何平均"),
    "log_losses": ("sum of logarithms", "对数之和"),
    "random": ("random weights", "随机权重"),
    "sampling": ("sampling", "采样"),
    "sampling why": (
        "whose sentences come how often: all once an epoch, or task by task",
        "谁的句子多久来一次：每轮每句一次，或者按任务来抽",
    ),
    "mixed": ("mixed", "混合"),
    "proportional": ("proportional", "按比例"),
    "temperature": ("temperature 2", "温度 2"),
    "round_robin": ("round robin", "轮流"),
    "in_turn": ("in turn", "逐个任务"),
    "agreement": ("agreement", "标签一致度"),
    "agreement why": (
        "in how many sentences person and relation have the same label on purpose; another value grows another corpus",
        "有多少句子里 person 和 relation 的标签是有意一致的；换一个值，就换一份语料",
    ),
    "wide": ("width", "宽度"),
    "wide why": (
        "features of a token on each level: 32, or as many as make this plan as large as separate models",
        "每一层用多少个特征表示一个词元：32 个；或者加宽到参数与各建一个模型时一样多",
    ),
    "usual width": ("32 units", "32 个单元"),
    "as separate": ("as large as separate models", "与各建一个模型一样大"),
    "told": ("{dial}: {value}.", "{dial}：{value}。"),
    "none": ("none", "无"),
    "more": ("More dials", "更多旋钮"),
    "code": ("This plan as code", "这个方案的代码"),
    "train": ("Train", "训练"),
    "stop": ("Stop", "停止"),
    "progress": ("Progress of the training", "训练进度"),
    "instant": ("answer at once where known", "查得到就立即回答"),
    "instant why": (
        "The plans above have been trained already, with five seeds; without the tick they are trained again, here, with one.",
        "上面的方案已经用五个种子训练过；不勾选，就在这里用一个种子重新训练。",
    ),
    # charts and guesses
    "view": ("What the charts show", "曲线显示什么"),
    "score": ("score", "得分"),
    "loss": ("loss", "损失"),
    "gradients": ("gradients", "梯度"),
    "charts": ("Validation curves of every task", "每个任务在验证集上的曲线"),
    "now": ("epoch {epoch}", "第 {epoch} 轮"),
    "slider": ("Epoch whose values are shown", "显示哪一轮的数值"),
    "at epoch": ("epoch {epoch}: {values}", "第 {epoch} 轮：{values}"),
    "no run yet": ("Each task's curve will grow here, beside that of a model trained for this task alone.", "每个任务的曲线会在这里生长，旁边是只为这个任务训练的模型。"),
    "run": ("Run {n}", "第 {n} 次运行"),
    "this run": ("This training", "这次训练"),
    "dotted run": ("dotted: run {n}", "点线：第 {n} 次运行"),
    "moved": ("The board shows another plan by now.", "示意图现在是另一个方案。"),
    "brief": ("{corpus}, {encoder}, {target} {labels} labels, {epoch} epochs, {seeds} seeds.", "{corpus}，{encoder}，{target} {labels} 个标签，{epoch} 轮，{seeds} 个种子。"),
    "brief one": ("{corpus}, {encoder}, {target} {labels} labels, {epoch} epochs, seed {seed}.", "{corpus}，{encoder}，{target} {labels} 个标签，{epoch} 轮，种子 {seed}。"),
    "key plan": ("this plan", "本方案"),
    "key single": ("single-task model", "单任务模型"),
    "key band": ("95 % interval", "95% 置信区间"),
    "key cosines": (
        "cosine between the task's gradient and each other's, in the other's color: below 0 the two pull apart",
        "该任务与其他任务的梯度之间的余弦，用对方的颜色：低于 0 表示两者方向相反",
    ),
    "no baseline": ("no baseline yet", "还没有基线"),
    "climbing": ("still climbing", "还在上升"),
    "climbing why": (
        "In the last quarter of the training the score still rose: with more epochs it may end higher.",
        "训练的最后四分之一里得分仍在上升：再多训练几轮，也许会更高。",
    ),
    "change why": ("Points beside the single-task model ± the reach of their 95 % interval", "与单任务模型相差的分数 ± 95% 置信区间的半宽"),
    "gains": ("gains", "提高"),
    "loses": ("loses", "下降"),
    "cannot tell": ("cannot tell", "无法判断"),
    "no verdict": ("no verdict", "无从判断"),
    "guess": ("My guess: what will {task} do beside a model trained for it alone?", "我的预测：与只为 {task} 训练的模型相比，它会怎样？"),
    "no guess": ("my guess vs dashed …", "我猜，和虚线相比……"),
    "guess gains": ("my guess: it gains", "我猜：提高"),
    "guess loses": ("my guess: it loses", "我猜：下降"),
    "guess cannot tell": ("my guess: cannot tell", "我猜：看不出差别"),
    # the book of runs
    "book": ("Runs of this lab", "本实验室的各次运行"),
    "plan": ("plan", "方案"),
    "settings": ("settings", "设置"),
    "none kept": ("What you train is listed here.", "训练过的结果会列在这里。"),
    "right": ("Guesses that came true: {right} of {judged}.", "预测说中了 {right} 个，共 {judged} 个。"),
    "tick": ("Select run {n}", "选中第 {n} 次运行"),
    "show": ("Show its curves", "显示它的曲线"),
    "show run": ("Show the curves of run {n}", "显示第 {n} 次运行的曲线"),
    "compare": ("Compare two", "比较两次"),
    "remove": ("Remove", "删除"),
    "undo": ("Undo", "撤销"),
    "save": ("Save", "保存"),
    "load": ("Load", "读取"),
    "file": ("File to save the runs to or load them from", "保存或读取各次运行的文件"),
    "choose two": ("Tick two runs to compare them.", "请勾选两次运行再比较。"),
    "choose": ("Tick the runs to remove.", "请勾选要删除的运行。"),
    "comparing": ("Solid: run {first}. Dotted: run {second}.", "实线：第 {first} 次运行。点线：第 {second} 次运行。"),
    "removed": ("{n} removed; Undo brings them back.", "删除了 {n} 次运行；按“撤销”可以恢复。"),
    "undone": ("{n} brought back.", "恢复了 {n} 次运行。"),
    "none removed": ("Nothing has been removed.", "还没有删除过什么。"),
    "saved": ("{n} runs saved to {path}.", "{n} 次运行已保存到 {path}。"),
    "loaded": ("{n} new runs loaded.", "读取了 {n} 次新的运行。"),
    # files that are not taken
    "file name": ("The file has no name yet: type one, such as lab.csv.", "还没有文件名：请输入一个，例如 lab.csv。"),
    "file ending": ("{path}: a file of the lab ends in .csv or .csv.gz.", "{path}：实验室的文件要以 .csv 或 .csv.gz 结尾。"),
    "file folder": ("{path} is a folder: add a file's name, such as lab.csv.", "{path} 是一个文件夹：请加上文件名，例如 lab.csv。"),
    "file missing": ("There is no file {path}; Save makes one.", "没有文件 {path}；先按“保存”就会有。"),
    "file kept": (
        "{path} is there already and is not a file of the lab: it stays as it is. Choose another name.",
        "{path} 已经存在，而且不是实验室的文件，所以保持原样。请换一个名字。",
    ),
    "file foreign": ("{path}: these runs were not saved by the Sharing Lab, so it cannot load them.", "{path}：这个文件不是共享实验室保存的，无法读取。"),
    "file denied": ("{path}: this computer does not let the lab read or write here.", "{path}：这台电脑不允许实验室在这里读写。"),
}  # fmt: skip
"""Key → (English, Chinese)."""


def texts(language: str) -> dict[str, str]:
    """Key → text in one language.

    Examples
    --------
    >>> texts("zh")["train"], texts("en")["saved"].format(n=2, path="lab.csv")
    ('训练', '2 runs saved to lab.csv.')
    """
    which = ("en", "zh").index(language)
    return {key: both[which] for key, both in CATALOGUE.items()}


def spoken(words: Mapping[str, str], doing: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """Tell what the lab says now: what is trained, the last answer, or what to do first."""
    if doing["phase"] != "idle":
        return words[doing["phase"]].format(**doing)
    if "text" in said:
        return said["text"]
    return words[said.get("key", "first")].format(**said.get("values", {}))
