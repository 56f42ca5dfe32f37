# %% [markdown] lang="en"
# # Lesson 14 · Your own tasks
#
# **From three files in a sorry state to a decision that you can defend. And then: your project.**
#
# After this lesson you can
#
# 1. bring data of your own into the package: read, check, mend, join and divide them, and say what you did to them;
# 2. compare plans on them with equal budgets, and decide by an interval, *cannot tell* included;
# 3. plan a project of your own: question, data, plan, prediction, controls, result, and what one would believe.
#
# *Reading: 60 minutes. Exercises: 30 minutes. All cells together run in under 60 seconds and need less than 1 GB of memory.
# It builds on lessons 03 and 04 (plans, baselines, controls).*

# %% [markdown] lang="zh"
# # 第 14 课 · 你自己的任务
#
# **从三个乱糟糟的文件出发，走到一个站得住脚的决定。然后，就轮到你自己的项目了。**
#
# 学完本课，你能够
#
# 1. 把自己的数据带进课程的包：读入、检查、修补、合并、划分，并说清楚对它们做过什么；
# 2. 在相同的预算下比较几个方案，依据区间作决定，包括老老实实说“无法判断”；
# 3. 为自己的项目写一份计划：问题、数据、方案、预测、对照、结果，以及别人凭什么相信。
#
# *阅读约 60 分钟，练习约 30 分钟。全部单元格运行不到 60 秒，内存不到 1 GB。
# 需要先学第 03、04 课（方案、基线、对照）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb

from mtl_tutorial import DataError, MultiTaskData, Task, exercises, plots
from mtl_tutorial.corpora import inbox
from mtl_tutorial.lessons import finished

lesson = exercises.lesson("14", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · The inbox
#
# A repair café: once a week volunteers mend what others would throw away. People write beforehand. The café would like three things done for it:
#
# - `request`: what does somebody want? `repair`, `advice`, `thanks` or `complaint`;
# - `urgent`: is there danger, smoke, sparks, a bare wire? Such messages must be read today;
# - `parts`: which words name the THING, which its FAULT?
#
# Over a year three people have labeled messages, each in their own way. (We have invented them all, and the messages too. The state of the files is not invented.)

# %% [markdown] lang="zh"
# ## 1 · 收件箱
#
# 有个“维修咖啡馆”：志愿者每周一次，免费修理别人打算扔掉的东西。大家事先会写信来。咖啡馆希望有人代劳三件事：
#
# - `request`：来信人想要什么？`repair`（修理）、`advice`（咨询）、`thanks`（感谢）还是 `complaint`（投诉）；
# - `urgent`：有没有危险，比如冒烟、冒火花、电线外露？这样的信当天就得看；
# - `parts`：哪些词说的是东西（THING），哪些词说的是毛病（FAULT）？
#
# 一年里有三个人给来信标过标签，各有各的办法。（人和信都是我们编的；文件乱成这样，可不是编的。）

# %%
files = inbox.folder(LANGUAGE)
for file in sorted(files.iterdir()):
    print("---", file.name, file.stat().st_size, "bytes | 字节")
    print(file.read_bytes()[:150])

# %% [markdown] lang="en"
# Look before you read. Which of the three is UTF-8? What stands between the cells of the table? In what schemes are the tags? (Lesson 01 has BIO; `S-` and `E-` belong to another one.)
#
# ## 2 · Reading, and being refused
#
# First the tasks, declared once for all three files. Declaring says which labels there *should* be; whatever else turns up is an error, not a new class.
# `urgent` is rare, so accuracy would praise a model that never warns anybody. We judge it by macro-F1, the mean of the F1 of *yes* and of *no*.

# %% [markdown] lang="zh"
# 读之前先看一眼。三个文件里哪些是 UTF-8？表格的单元格之间用什么隔开？标记用的是哪种方案？（第 01 课讲过 BIO；`S-` 和 `E-` 属于另一种。）
#
# ## 2 · 读入，然后被拒
#
# 先声明任务，三个文件共用一份。声明就是说好**应该**有哪些标签；冒出来别的，就是错误，而不是新类别。
# `urgent` 很少是 yes，从不报警的模型也能得到漂亮的准确率。所以用宏平均 F1（macro-F1）来评它：*yes* 和 *no* 各自 F1 的平均。

# %%
REQUEST = Task("request", "sequence", ("advice", "complaint", "repair", "thanks"))
URGENT = Task("urgent", "sequence", ("no", "yes"), score="macro_f1")
PARTS = Task.bio("parts", ["FAULT", "THING"])

kinds = {"request": "sequence"}  # without labels, for a first look | 不声明标签，先看一眼
options = {"text": "message", "delimiter": ";"}
try:
    MultiTaskData.from_csv({"train": files / "spring.csv"}, kinds, **options)
except DataError as error:
    complaint = str(error).replace(str(files), "")
    print(complaint)

# %% [markdown] lang="en"
# File, line, what is wrong, what to do. A reader that guessed in silence would have given you `caf�` or worse, and you would find out in the test. Follow the advice:

# %% [markdown] lang="zh"
# 哪个文件、哪一行、哪里不对、该怎么办，都说了。如果读入时不声不响地猜，得到的就是一堆乱码，到测试时才会发现。照它说的做：

# %%
ENCODING = inbox.ENCODINGS[LANGUAGE]
rough = MultiTaskData.from_csv(
    {"train": files / "spring.csv"}, kinds, encoding=ENCODING, **options
)
rough.label_counts("request")

# %% [markdown] lang="en"
# It was read, and it is wrong: one person wrote `repair`, another `Repair`, a third left a key pressed. To a model these would be different classes. `check()` would have told us, too; make it the first thing you call on any data.
#
# ### Exercise 1 · `tidy`
#
# `tidy(label, known)` gives back the label as it is spelled in `known` (all in small letters), whatever capitals and blanks it was written with; `None` for an empty cell, which may come as `None`, `""` or pandas' `nan`; and raises a `ValueError` for anything else.

# %% [markdown] lang="zh"
# 读是读进来了，可是不对：有人写 `repair`，有人写 `Repair`，还有人一直按着大写键。对模型来说，这些会是不同的类别。`check()` 也会指出来；拿到任何数据，先调用它。
#
# ### 练习 1 · `tidy`
#
# `tidy(label, known)` 返回标签在 `known` 里的写法（全是小写），不管原来大小写怎样、有没有空白；空单元格（可能是 `None`、`""` 或 pandas 的 `nan`）返回 `None`；其余一律抛出 `ValueError`。


# %% tags=["exercise"] exercise="tidy"
def tidy(label, known):
    return ...


# %%
lesson["tidy"].check(tidy)
# lesson["tidy"].hint()
# lesson["tidy"].solution()

# %%
table = pd.read_csv(files / "spring.csv", sep=";", encoding=ENCODING)
table["request"] = table["request"].str.strip().str.lower()  # spellings only | 只统一写法
table = table.rename(columns={"message": "text"})
spring = MultiTaskData.from_rows({"train": table}, [REQUEST, URGENT])
spring.describe()[["sentences", "labeled", "missing"]]

# %% [markdown] lang="en"
# A data frame goes in as it is; empty cells are missing labels. The line of pandas mends spellings and says nothing of a `rapair`; the declared labels would refuse it. `urgent` was seldom written down before the middle of the season: more than a third is missing, and that is no reason to throw the rows away.
#
# The other two files need no mending by hand.

# %% [markdown] lang="zh"
# 数据框可以直接放进去，空单元格就是缺失的标签。pandas 那一行只统一写法，碰到 `rapair` 不会出声；拒绝它的是事先声明的标签。`urgent` 大多是后来才记的，缺了三分之一多；但这不是扔掉这些行的理由。
#
# 另外两个文件不用动手修。

# %%
autumn = MultiTaskData.from_jsonl({"train": files / "autumn.jsonl"}, [REQUEST, PARTS])
volunteers = MultiTaskData.from_conll(
    {"train": files / "volunteers.conll"}, [URGENT, PARTS], columns={"parts": 1}
)
sources = {"spring": spring, "autumn": autumn, "volunteers": volunteers}
pd.DataFrame({
    name: {
        "sentences | 句子数": len(part["train"]),
        "tasks | 任务": ", ".join(part.tasks),
        "scheme | 方案": ", ".join(part.schemes.values()),
    }
    for name, part in sources.items()
}).T

# %% [markdown] lang="en"
# Two people, two schemes; in the data both are BIO now. (A tag that fits no scheme would have been refused, with its line.)
#
# ## 3 · One data set
#
# No file has all three tasks. Joined they do, with holes. The volunteers have worked on some messages of the spring as well; the same message should become *one* row with both people's labels. Where do they agree?

# %% [markdown] lang="zh"
# 两个人，两种方案；进了数据就都是 BIO。（哪种方案都不合的标记会被拒绝，并指出在哪一行。）
#
# ## 3 · 合成一份数据
#
# 没有哪个文件三个任务都有；合起来就有了，只是有空缺。春天的来信有一部分志愿者也标过；同一封信应当合成**一行**，带上两个人的标签。他们的意见一致吗？

# %%
try:
    spring.joined(autumn, volunteers, by="tokens")
except DataError as error:
    print(error)

# %% [markdown] lang="en"
# They do not always. That is worth a cup of coffee with both of them. Until then the torn labels are left out, and counted. In the same breath the sentences are divided: a fifth to validate, a fifth to test, `urgent` spread evenly. Sentences that occur twice stay on one side.

# %% [markdown] lang="zh"
# 并不总是一致。最好请两位喝杯咖啡，当面谈一谈。在那之前，有争议的标签先空着，并记下数目。同时把句子划分好：五分之一用于验证，五分之一用于测试，`urgent` 的标签均匀分布。出现两次的句子留在同一边。

# %%
joining = {"by": "tokens", "conflicts": "missing"}
dividing = {"hold_out": {"valid": 0.2, "test": 0.2}, "stratify": "urgent"}
data = spring.joined(autumn, volunteers, **joining, **dividing)
data.check()

# %%
data.describe()[["sentences", "labeled", "missing", "repeated"]].round(2)


# %% [markdown] lang="en"
# Read the report line by line. Which of its findings would you mend before you train, which would you only write down?
#
# Here is who labeled what: a column a training sentence, a row a task.

# %% [markdown] lang="zh"
# 逐行读这份报告：哪些应当先修好再训练，哪些只要记下来就行？
#
# 下图是谁标了什么：一列是一个训练句子，一行是一个任务。


# %%
def who_labeled_what(data):
    """A column a training sentence, a row a task: dark where there is a label.
    | 一列是一个训练句子，一行是一个任务：有标签的地方是深色。"""
    labeled = np.array([data["train"].labeled(task) for task in data.tasks])  # [tasks, sentences]
    order = np.lexsort(labeled)
    _, axes = plt.subplots(figsize=(8, 1.8), layout="constrained")
    colors = np.array([to_rgb(plots.task_color(task)) for task in data.tasks])  # [tasks, 3]
    shown = np.where(labeled[:, order, None], colors[:, None], 0.93)
    axes.imshow(shown, aspect="auto", interpolation="nearest")
    axes.set_yticks(range(len(data.tasks)), data.tasks)
    axes.set(xlabel="training sentences | 训练句子")
    plt.show()


who_labeled_what(data)

# %% [markdown] lang="en"
# Hardly a sentence has all three. A single-task model uses one row of this picture; a shared model can use them all. That is the promise. Whether it is kept here is a question, and before the answer comes the design.
#
# ## 4 · The question, and what would answer it
#
# **Question.** Does a model that shares layers do better on these three tasks than a model for each? By at least **one point**: less would not be worth a new model to the café.
#
# **Plans.** `hard`: all levels shared. `words`: the embedding alone. `separate`: nothing, in one model, on the same mixed batches: the control of lesson 04.
#
# **Equal.** Data, labels, width of a layer, steps (260), learning rate; nobody has tuned any of them. Five seeds.
#
# **Not equal.** A shared model's steps bring sentences of all tasks, a single-task model's only labeled ones of its own, so that it sees its labels more often. And where `hard` has one trunk for three tasks, the others have three.
#
# **Predict**, before anything is trained: points that `hard` gains or loses against single-task models, task by task.

# %% [markdown] lang="zh"
# 三样齐全的句子寥寥无几。单任务模型只用得上图中的一行，共享的模型三行都用得上。这是它的许诺；在这里能不能兑现，是个问题。先有设计，后有答案。
#
# ## 4 · 问题，以及什么才算回答
#
# **问题。** 在这三个任务上，共享网络层的模型比一个任务一个模型更好吗？至少要好**一个百分点**：再少，就不值得咖啡馆换模型。
#
# **方案。** `hard`：所有层级都共享；`words`：只共享嵌入层；`separate`：什么都不共享，但在同一个模型里，用同样的混合批次——第 04 课的对照。
#
# **相同的。** 数据、标签、每层的宽度、步数（260）、学习率，哪一样都没有人调过。五个种子。
#
# **不同的。** 共享模型的每一步会遇到各个任务的句子，单任务模型只遇到有自己标签的句子，所以同样的标签看得更多遍。还有，`hard` 三个任务只有一条主干，别的做法有三条。
#
# **先预测**，再训练：`hard` 和单任务模型相比，每个任务提高或下降多少分？

# %%
guess = lesson.predict_first(request=..., urgent=..., parts=...)
guess

# %% [markdown] lang="en"
# The whole comparison is one call. With one seed and one plan, so that you can watch it work:

# %% [markdown] lang="zh"
# 整个比较只要一次调用。先用一个种子、一个方案，看它跑一遍：

# %%
from mtl_tutorial import Comparison, SharingPlan, compare

tasks = list(data.tasks)
apart = SharingPlan.separate(tasks)
plans = {
    "hard": SharingPlan.hard(tasks),
    "words": apart.share("embedding", tasks),
    "separate": apart,
}
small = {"hard": plans["hard"]}
with tempfile.TemporaryDirectory() as folder:
    trial = compare(data, small, 1, folder, workers=1, progress=False, epochs=3)
trial.table(language=LANGUAGE).T.style

# %% [markdown] lang="en"
# One seed, three epochs: no interval, no verdict, and it says so. (The rows are alike because neither model has learned much yet: both give nearly every message the commonest label.) The real comparison, `compare(data, plans, seeds=5, epochs=10, steps_per_epoch=26, learning_rate=3e-3)`, takes some minutes; its runs came with the course. (In your project, give it a `folder`: interrupted, it goes on where it stopped.)

# %% [markdown] lang="zh"
# 一个种子，三轮：没有区间，不作判断，表里也是这么说的。（两行一样，是因为两个模型都还没学到多少：几乎每封信都回答最常见的标签。）真正的比较 `compare(data, plans, seeds=5, epochs=10, steps_per_epoch=26, learning_rate=3e-3)` 要几分钟，结果已随课程提供。（在你的项目里请给它一个 `folder`：中断了，下次接着跑。）

# %%
runs = finished.load("14", f"inbox-{LANGUAGE}")
comparison = Comparison(runs)
comparison.table(language=LANGUAGE).T.style

# %%
differences = comparison.differences()
guess.compare(**{task: differences[f"{task} · hard"].mean for task in tasks})

# %%
comparison.figure(language=LANGUAGE)

# %%
comparison.curves(language=LANGUAGE)

# %%
comparison.climbing()

# %%
from mtl_tutorial.comparing import holm, paired_difference

beside_separate = holm({
    task: paired_difference(*(comparison.scores(task, plan) for plan in ("hard", "separate")))
    for task in tasks
})
pd.Series(
    {task: one.in_words(LANGUAGE) for task, one in beside_separate.items()},
    name="hard beside separate | hard 和 separate 相比",
).to_frame().style

# %% [markdown] lang="en"
# Read these six outputs in this order, in every project:
#
# 1. *climbing*: which scores still rose in the last quarter, by more than their interval over seeds? Of those nothing is said but "longer".
# 2. the figure: which intervals lie on one side of zero? All are judged together (Holm's correction), since among nine claims one comes true by chance more often than you like.
# 3. the control: does `separate`, which shares nothing, differ from *single-task*? Then batches do something. What *sharing* does stands in the last output: `hard` beside `separate`, the same batches, seed by seed.
# 4. your prediction: where were you wrong, and what did you believe?
#
# On the English inbox it reads like this. `parts` under `hard` is *slower*: its curve still climbs by twelve points in the last quarter, so that nothing is said of it but "longer". Why it is slower we have not shown: its partners may disturb it, or one trunk is too narrow for three tasks. The next cell runs a rival.
# `urgent` is better on average under every plan, by almost seven points and more. But `separate`, which shares nothing, gains as much as `hard`; between these two the last output leaves eight points to either side. Whatever helped, sharing is neither shown to be it nor ruled out.
# And the baseline helped, too. Alone, `urgent` sees its 190 labels twice as often: it learns them by heart, and from the fourth epoch on its mean score on validation falls (look at the curves). At its fifth epoch it has seen them about as often as the others at their tenth; beside *that*, `hard` and `separate` gain less than four points, with zero in both intervals.
# Two intervals of `urgent` lie above zero, that under `words` and, by a hair, that under `hard`; neither stands among nine claims. Five seeds, no claim. That is a result, and the next section asks what a better one would cost.

# %% [markdown] lang="zh"
# 在每个项目里，都请按这个顺序读这六个输出：
#
# 1. *climbing*：哪些得分在最后四分之一里还在升，升幅超出种子间的区间？对它们只能说“再训练久一点”。
# 2. 图：哪些区间完全在零的一侧？所有结论放在一起判断（Holm 校正），因为九个结论里，碰巧成立一个的机会比想象的大。
# 3. 对照：什么都不共享的 `separate` 和单任务有没有差别？有，就说明批次起了作用。**共享**本身起什么作用，看最后一个输出：`hard` 和 `separate` 相比，批次相同，一个种子一个种子地比。
# 4. 你的预测：错在哪里，当时是怎么想的？
#
# 中文收件箱上是这样的。只有一条结论站得住：`parts` 在 `hard` 下变差，差四分多。可是它的曲线在最后四分之一平均还升了六分，比差的还多；五个种子升得参差不齐，区间含着零，所以 *climbing* 表不敢说它还在升。可能只是**慢**，要训练得更久才知道。和 `separate` 相比，也差四分多，三个结论里也只有这一个站得住：所以不是批次的缘故。至于为什么，还没有证明：也许是受伙伴干扰，也许是一条主干对三个任务太窄。下一个单元格就来试一试。
# `urgent` 在 `hard` 下平均差八分，整个区间都在零以下，和其余结论一起校正之后却站不住；和 `separate` 相比差七分，情形也一样。`words` 和 `separate` 下差得少，区间都含着零。这里单独训练就超过 80%，比英文高十分以上，标签却差不多一样多（189 个）：可以提高的余地小得多。
# `request` 在 `hard` 下整个区间都在零以上，校正之后也站不住；何况平均只有一分。（九个比较里有一个没有区间：`parts` 在 `separate` 下，每个种子都和单任务模型一分不差。）
# （英文收件箱：`urgent` 在每个方案下平均都更好，可是什么都不共享的 `separate` 提高得和 `hard` 一样多：既证明不了是共享的功劳，也排除不了；没有一条结论站得住。两种语言，同样的任务，两个样子。）

# %%
from mtl_tutorial import build_model, train

budget = {"epochs": 10, "steps_per_epoch": 26, "learning_rate": 3e-3, "progress": False}


def parts_with_a_wide_trunk(seed):
    """F1 of parts under hard with 96 units in place of 32. | hard 用 96 个单元（原来 32 个）时 parts 的 F1。"""
    wide = build_model(data, plans["hard"], units=96, embedding_dim=32, seed=seed)
    return train(wide, data, seed=seed, **budget).final()["parts"]


room = paired_difference(
    [parts_with_a_wide_trunk(seed) for seed in range(5)],
    comparison.scores("parts", "single-task").tolist(),
)
room.in_words(LANGUAGE)

# %% [markdown] lang="en"
# That is `parts` beside its single-task models again, with one shared trunk that is as wide as the three of `separate` side by side. On average it is back within two points. So most of what looked like the price of company is the price of room, or of speed: a wider trunk learns faster, too. (What does `epochs=30` do, with `units=32`? Try it.) Whoever had stopped at the figure would have written "sharing harms `parts`", and been wrong about most of it. Does the interval still lie below zero? Then something is left to explain. But mind that we thought of this run *after* seeing the result: it explains, and decides nothing.
#
# ## 5 · Deciding
#
# An interval is not a decision. What is a point worth? A person said *one point*, before seeing any result; now hold the interval against it.
#
# ### Exercise 2 · `decide`
#
# `decide(low, high, worth)` gives `"share"` if the whole interval is at `worth` or above, `"apart"` if the whole interval lies below `worth` (the gain is certainly not worth it), and `"cannot tell"` otherwise.

# %% [markdown] lang="zh"
# 这里还是 `parts` 和它的单任务模型相比，不过共享的主干加宽了，抵得上 `separate` 三条主干并排。平均差距缩小到两分以内。所以，看上去是结伴的代价，大半其实是主干太窄、或者学得太慢的代价：宽的主干学得也快。（`units=32`、`epochs=30` 又会怎样？可以试试。）只看图就下笔的人会写“共享伤害了 `parts`”，而这话大半说错了。区间是不是还在零以下？是的话，就还有没解释的部分。不过请记住：这次训练是看到结果**之后**才想到的，它用来解释，不用来作决定。
#
# ## 5 · 作决定
#
# 区间还不是决定。一个百分点值多少？有人在看到结果之前说过：**一分**。现在拿区间和它比。
#
# ### 练习 2 · `decide`
#
# `decide(low, high, worth)`：整个区间都不低于 `worth`，返回 `"share"`；整个区间都低于 `worth`（肯定不值得），返回 `"apart"`；其余返回 `"cannot tell"`。


# %% tags=["exercise"] exercise="decide"
def decide(low, high, worth):
    return ...


# %%
lesson["decide"].check(decide)
# lesson["decide"].hint()
# lesson["decide"].solution()

# %%
pd.DataFrame({
    name: {
        "low | 下限": one.low,
        "high | 上限": one.high,
        "decision | 决定": decide(one.low, one.high, worth=1),
    }
    for name, one in differences.items()
}).T

# %% [markdown] lang="en"
# A row may say *share* or *apart* here although its verdict in the table was *cannot tell*. They are two questions: the table asks whether there is any difference, `decide` whether it reaches a point, so that a narrow interval around zero is a clear *apart*. And `decide` looks at one interval, the verdict at nine together: a *share* that does not stand among nine is a candidate for a second experiment with fresh seeds, not a decision.
#
# *Cannot tell* is an answer. It has a price, too: how many seeds would it take to tell?
#
# ### Exercise 3 · `seeds_needed`
#
# The half-width of the 95 % interval is $t_{n-1}\, s / \sqrt{n}$, with $t$ = `stdtrit(n - 1, 0.975)`. `seeds_needed(deviation, reach)` gives the smallest n ≥ 2 for which it is at most `reach`.

# %% [markdown] lang="zh"
# 有的行在这里是 *share* 或 *apart*，在前面的表里却是“无法判断”。这是两个问题：那张表问有没有差别，`decide` 问够不够一分，所以零附近的窄区间就是明确的 *apart*。而且 `decide` 只看一个区间，那里的判断把所有结论放在一起看：放在一起就站不住的那些，值得用新的种子再做一次实验，还不能当作决定。（没有区间的那一行，`decide` 答的是 *cannot tell*：五个种子一分不差，看不出偶然有多大。）
#
# “无法判断”也是回答。它也有价钱：要多少个种子才判断得了？
#
# ### 练习 3 · `seeds_needed`
#
# 95% 置信区间的半宽是 $t_{n-1}\, s / \sqrt{n}$，其中 $t$ 就是 `stdtrit(n - 1, 0.975)`。`seeds_needed(deviation, reach)` 返回使半宽不超过 `reach` 的最小的 n（n ≥ 2）。

# %%
from scipy.special import stdtrit

pd.Series({n: stdtrit(n - 1, 0.975) for n in (2, 3, 5, 10, 30)}, name="t").round(2)


# %% tags=["exercise"] exercise="seeds_needed"
def seeds_needed(deviation, reach):
    return ...


# %%
lesson["seeds_needed"].check(seeds_needed)
# lesson["seeds_needed"].hint()
# lesson["seeds_needed"].solution()

# %%
pd.Series(
    {name: seeds_needed(one.deviation, 1.0) for name, one in differences.items()},
    name="seeds for ± 1 point | 精确到 ±1 分所需的种子",
)

# %% [markdown] lang="en"
# Read it as a price list, not as a promise. The deviation comes from five seeds, so that it is a guess itself: the true one may be from 0.6 to 2.9 times as large, and the number of seeds goes with its square. And an interval of ± 1 still decides nothing if the mean lies within a point of what a gain must be worth.
#
# And seeds are only half of the chance. The validation part has 63 labels of `urgent`, and only a dozen of them are *yes*: one of these more or less is some three points of macro-F1. More seeds make the *mean over trainings* sure; they do not make the café's messages more. To know more about `urgent`, label more `urgent`.
#
# ## 6 · The test, once; and out into the world
#
# Choose now, in writing: which plan goes to the café, and why? Only then open the test part. We take `hard` for the demonstration, one seed, trained here.

# %% [markdown] lang="zh"
# 这是价目表，不是保证书。标准差是从五个种子得来的，本身也是估计：真正的标准差可能是它的 0.6 到 2.9 倍，种子数又随它的平方而变。再说，如果平均值离“值多少”不到一分，±1 的区间也还是决定不了什么。
#
# 而且种子只是偶然的一半。验证集里 `urgent` 的标签只有 63 个，其中 *yes* 才十来个：多找出或漏掉一封，宏平均 F1 就差三分左右。种子再多，确定的也只是**多次训练的平均**，咖啡馆的信不会因此变多。想更了解 `urgent`，就多标一些 `urgent`。
#
# ## 6 · 测试只看一次，然后交付
#
# 现在就写下来：交给咖啡馆哪个方案，为什么？写好之后再打开测试集。这里为了演示取 `hard`，一个种子，当场训练。

# %%
from mtl_tutorial import entities, evaluate, load_model, predict

model = build_model(data, plans["hard"], units=32, embedding_dim=32)
run = train(model, data, **budget)
run.final().round(3)

# %%
messages = {
    "en": ["Hello, our toaster throws sparks!", "The radio does not smoke, it just rattles."],
    "zh": ["你好，家里的烤箱冒火花！", "收音机没有冒烟，只是响个不停。"],
}[LANGUAGE]
predict(model, messages).round(2).T

# %%
entities(model, messages)[["text", "entity", "start", "end", "p"]].round(2)

# %% [markdown] lang="en"
# Strings in, labels and places out. Which THING or FAULT does it miss, or cut short, and how sure was it (`p`)? Labels, vocabulary and the way of cutting travel with the model. Save it, and it is whole:

# %% [markdown] lang="zh"
# 进去的是句子，出来的是标签和位置。哪个东西、哪个毛病它没找到，或者没找全？它有多大把握（`p`）？标签、词表、切分方式都跟着模型走。存成文件，什么都不缺：

# %%
with tempfile.TemporaryDirectory() as folder:
    model.save(Path(folder) / "inbox.keras")
    again = load_model(Path(folder) / "inbox.keras")
predict(again, messages).equals(predict(model, messages))

# %% [markdown] lang="en"
# In a terminal, `python -m mtl_tutorial serve inbox.keras` opens a page with a box to type in, on your machine and for nobody else. Let the volunteers try it before you show them any number: they will find the sentences that your test part lacks.
#
# And here is the test, read once, for the plan you chose *before*:

# %% [markdown] lang="zh"
# 在终端里运行 `python -m mtl_tutorial serve inbox.keras`，会打开一个带输入框的页面，只在你自己的机器上，别人看不到。先请志愿者试试，再给他们看数字：测试集里没有的句子，他们会替你找到。
#
# 最后是测试集，只读一次，用的是**事先**选定的方案：

# %%
evaluate(model, data, "test").round(3)

# %% [markdown] lang="en"
# Be as strict with these figures as with the others. They are of *one* seed and have no interval: they describe this model, they compare nothing. `urgent` has 64 labels here, again with a dozen *yes*; all three labels at once have nine sentences. Some labels are wrong, here as everywhere (two volunteers disagreed).
# And all messages, in training and test alike, grow from 23 frames of ours, such as *Is it worth mending a … that …?* So the test says how well the model knows these frames; of what a neighbor would write it says nothing. In your own data look for the same: the same author, template or thread on both sides is a leak that no comparison of sentences finds. That is what `group` is for.
#
# ## 7 · Your project
#
# Two to four people, three to four weeks. Hand in a notebook that runs from top to bottom, the data (or where they are), and one page.
#
# | part | what it says | what it is not |
# |---|---|---|
# | **Question** | one sentence with a comparison in it: does A do better than B on C, by at least d? | "we apply multi-task learning to …" |
# | **Data** | whose they are, licence, how labeled, what `check()` said and what you did about it | a link |
# | **Plan** | tasks, plans, budget; what is equal and what is not | the first setting that ran |
# | **Prediction** | numbers, with reasons, dated before the first comparison | "we expect an improvement" |
# | **Controls** | for each explanation but yours, the run that would show it: a silent partner, *separate*, a shuffled task, more labels | a second metric |
# | **Result** | table with intervals, curves, what still climbs; the test once | the best seed |
# | **Belief** | what you would bet on, what you cannot tell, what would change your mind | "future work" |
#
# Rubric, 100 points. A negative result with good controls gets full marks; a gain without a control does not.
#
# | points | for | full | half | none |
# |---:|---|---|---|---|
# | 15 | question | answerable, with a smallest difference that matters | a comparison without it | none |
# | 20 | data | checked, mended, divided without leaks, all of it said | checked, but not said | as found |
# | 10 | prediction | numbers and reasons, in time | a direction | afterwards |
# | 25 | controls | every rival explanation has its run | one control | none |
# | 20 | result | intervals over ≥ 5 seeds, corrected; equal budgets; curves | spread without interval | one run |
# | 10 | belief | says what would change it | repeats the result | claims more than was shown |
#
# Ideas: languages as tasks; a dictionary as the teacher of few labels; sentiment beside sarcasm; part of speech for a dialect; which of five cheap tasks helps yours, and can you tell beforehand? (lesson 09)
#
# ## 8 · What is open
#
# Five questions that the field has not settled. Each has a paper, a figure from it, and a question that your tools can ask in small.
#
# | | a paper and its figure | a question |
# |---|---|---|
# | **Pre-trained trunks** | MT-DNN (Liu et al. 2019) fine-tunes BERT on the GLUE tasks together, then on each: 82.7 on GLUE, 2.2 points above BERT alone. | How much of the 2.2 is sharing, how much more labeled text, how much the second fine-tuning? Which control is missing? |
# | **Adapters** | Houlsby et al. 2019: 3.6 % new parameters a task on a frozen BERT, within 0.4 points of tuning it all on GLUE. LoRA (Hu et al. 2022) needs fewer still. | If the trunk is frozen, tasks cannot disturb each other. Can they still help? |
# | **Instruction tuning** | FLAN (Wei et al. 2022) is multi-task learning on more than 60 data sets written as instructions: better than GPT-3, both without examples, on 20 of 25 data sets; but models of 8 billion parameters and fewer got *worse* on tasks they had not seen. | Negative transfer again? What would be the silent partner of an instruction? |
# | **Merging** | Model soups (Wortsman et al. 2022): the mean of the weights of several fine-tuned models, chosen on held-out images, reaches 90.94 % on ImageNet, without further training. Task arithmetic (Ilharco et al. 2023) adds *different* tasks. | Train `urgent` and `parts` from one start and average the trunks: better than chance? Than *hard*? |
# | **Who chooses the mixture?** | DoReMi (Xie et al. 2023) lets a small model choose the shares of 22 kinds of text: the large one needs 2.6 times fewer steps to reach the baseline. Against it: fixed weights, well tuned, are hard to beat (Xin et al. 2022; Kurin et al. 2022). | Tuned with equal budgets, does any method beat a constant on your data? |

# %% [markdown] lang="zh"
# 对这些数字，也要像对前面的一样严格。它们只来自**一个**种子，没有区间：说的是这一个模型，什么也没有比较。`urgent` 在这里有 64 个标签，*yes* 还是十来个；三种标签齐全的只有九句。和别处一样，有的标签是错的（两位志愿者的意见就不一致）。
# 还有，所有的信，不论训练集还是测试集，都出自我们编的 23 个句式，比如“……的……还值得修吗？”。所以测试说的是模型把这些句式学得怎样；邻居真写信来会怎样，它说明不了。看看你自己的数据是不是也这样：同一个作者、同一个模板、同一串对话分在两边，就是泄漏，逐句比对是查不出来的。`group` 就是干这个用的。
#
# ## 7 · 你的项目
#
# 两到四人，三到四周。交一个能从头跑到尾的笔记本、数据（或数据的出处），再加一页纸。
#
# | 部分 | 要说什么 | 不能是什么 |
# |---|---|---|
# | **问题** | 一句话，里面有比较：在 C 上，A 是否比 B 好，至少好 d？ | “我们把多任务学习用于……” |
# | **数据** | 谁的，什么许可，怎么标的，`check()` 说了什么，你做了什么 | 一个链接 |
# | **方案** | 任务、方案、预算；哪些相同，哪些不同 | 第一个跑通的设置 |
# | **预测** | 具体的数，附理由，日期在第一次比较之前 | “预计会有提高” |
# | **对照** | 除了你的解释之外，每一种解释都有一次能让它现形的训练：静音的伙伴、*separate*、打乱的任务、更多标签 | 再加一个指标 |
# | **结果** | 带区间的表、曲线、哪些还在上升；测试集只看一次 | 最好的那个种子 |
# | **相信什么** | 你敢押什么，什么判断不了，什么会让你改变看法 | “有待今后研究” |
#
# 评分标准，满分 100。对照做得好的否定结果可以拿满分；没有对照的提高不行。
#
# | 分值 | 项目 | 满分 | 一半 | 零分 |
# |---:|---|---|---|---|
# | 15 | 问题 | 可以回答，写明多大的差别才要紧 | 有比较，没写明 | 没有问题 |
# | 20 | 数据 | 检查过、修好、划分无泄漏，并全部写明 | 检查过但没写明 | 原样使用 |
# | 10 | 预测 | 及时，有数有理由 | 只有方向 | 事后补的 |
# | 25 | 对照 | 每一种别的解释都有对应的训练 | 一个对照 | 没有 |
# | 20 | 结果 | 至少 5 个种子的区间，经校正；预算相同；有曲线 | 有波动没有区间 | 一次训练 |
# | 10 | 相信什么 | 说明什么会让你改变看法 | 重复结果 | 说的比看到的多 |
#
# 可以做的题目：把语言当作任务；让词典当少数标签的老师；情感与反讽；方言的词性；五个便宜的任务里哪个对你的任务有帮助，事先看得出来吗？（第 09 课）
#
# ## 8 · 还没有答案的问题
#
# 五个学界尚无定论的问题。每个都有一篇论文、论文里的一个数，和一个用手头工具就能小规模发问的问题。
#
# | | 论文和其中的数 | 问题 |
# |---|---|---|
# | **预训练主干** | MT-DNN（Liu 等 2019）在 GLUE 的各任务上先一起、再分别微调 BERT：GLUE 得 82.7，比单独的 BERT 高 2.2 个百分点。 | 这 2.2 个百分点里，多少来自共享，多少只是因为有标签的文本更多，多少来自第二次微调？缺哪个对照？ |
# | **适配器（adapter）** | Houlsby 等 2019：冻结 BERT，每个任务只加 3.6% 的参数，GLUE 上与全部微调相差不到 0.4 个百分点。LoRA（Hu 等 2022）用得更少。 | 主干冻结了，任务之间就互不干扰。那还能互相帮助吗？ |
# | **指令微调（instruction tuning）** | FLAN（Wei 等 2022）就是在 60 多个写成指令的数据集上做多任务学习：同样不给例子，25 个数据集里有 20 个超过 GPT-3；但 80 亿参数及以下的模型在没见过的任务上反而**变差**。 | 又是负迁移？指令的“静音伙伴”该怎么做？ |
# | **合并（merging）** | 模型汤（model soups，Wortsman 等 2022）：用留出的图片挑几个微调模型，把权重取平均，不再训练，ImageNet 达到 90.94%。任务算术（task arithmetic，Ilharco 等 2023）把**不同**任务加起来。 | 从同一个起点分别训练 `urgent` 和 `parts`，再把主干取平均：比瞎猜好吗？比 *hard* 好吗？ |
# | **谁来定配比？** | DoReMi（Xie 等 2023）让一个小模型决定 22 类文本的比例：大模型达到基线所需的步数少到 1/2.6。反方：调好的固定权重很难超过（Xin 等 2022；Kurin 等 2022）。 | 调参预算相同的话，在你的数据上，有哪种方法超过一个常数吗？ |

# %% [markdown] lang="en"
# ## In five lines
#
# 1. Declare the tasks, read, and let yourself be refused; `check()` before anything else.
# 2. Mend by a rule that speaks up; say what was merged, what was torn, what is missing.
# 3. Divide so that what belongs together stays together, and rare labels are in every part.
# 4. Question, worth, prediction and control come before the comparison; the interval decides, three answers are allowed.
# 5. Choose on validation, read the test once, hand over a model with its labels and its words.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | stratify | divide so that each label has the same share in all parts |
# | conflict | two annotators, one sentence, two labels |
# | smallest difference that matters | what a gain must be worth, fixed before the comparison |
# | rubric | what gets how many points |
# | adapter | a few parameters of its own for each task, on a frozen trunk |
# | instruction tuning | multi-task learning in which the task is told in words |
# | merging | one model out of the weights of several |
#
# ## Further reading
#
# - X. Liu, P. He, W. Chen, J. Gao: *Multi-Task Deep Neural Networks for Natural Language Understanding*. ACL 2019. arXiv:1901.11504.
# - N. Houlsby et al.: *Parameter-Efficient Transfer Learning for NLP*. ICML 2019. arXiv:1902.00751. E. Hu et al.: *LoRA*. ICLR 2022. arXiv:2106.09685.
# - J. Wei et al.: *Finetuned Language Models Are Zero-Shot Learners*. ICLR 2022. arXiv:2109.01652.
# - M. Wortsman et al.: *Model soups*. ICML 2022. arXiv:2203.05482. G. Ilharco et al.: *Editing Models with Task Arithmetic*. ICLR 2023. arXiv:2212.04089.
# - S. Xie et al.: *DoReMi*. NeurIPS 2023. arXiv:2305.10429. D. Xin et al.: *Do Current Multi-Task Optimization Methods in Deep Learning Even Help?* NeurIPS 2022. V. Kurin et al.: *In Defense of the Unitary Scalarization for Deep Multi-Task Learning*. NeurIPS 2022.

# %% [markdown] lang="zh"
# ## 五句话小结
#
# 1. 先声明任务再读入，被拒绝了就看它怎么说；不管做什么，先 `check()`。
# 2. 修补要用会出声的规则；合并了什么、哪里有争议、缺了什么，都要写明。
# 3. 划分时，该在一起的不拆开，稀少的标签每一部分都要有。
# 4. 问题、值多少、预测和对照都在比较之前；由区间来决定，允许三种回答。
# 5. 在验证集上选，测试集只看一次，交付的模型带着它的标签和词。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 分层（stratify） | 划分时让每种标签在各部分所占的比例相同 |
# | 冲突（conflict） | 两个标注者，一个句子，两个标签 |
# | 要紧的最小差别（smallest difference that matters） | 提高多少才值得，比较之前就定好 |
# | 评分标准（rubric） | 做到什么得多少分 |
# | 适配器（adapter） | 主干冻结，每个任务自己的少量参数 |
# | 指令微调（instruction tuning） | 用文字说明任务的多任务学习 |
# | 合并（merging） | 由几个模型的权重得出一个模型 |
#
# ## 延伸阅读
#
# - X. Liu, P. He, W. Chen, J. Gao: *Multi-Task Deep Neural Networks for Natural Language Understanding*. ACL 2019. arXiv:1901.11504.
# - N. Houlsby 等: *Parameter-Efficient Transfer Learning for NLP*. ICML 2019. arXiv:1902.00751. E. Hu 等: *LoRA*. ICLR 2022. arXiv:2106.09685.
# - J. Wei 等: *Finetuned Language Models Are Zero-Shot Learners*. ICLR 2022. arXiv:2109.01652.
# - M. Wortsman 等: *Model soups*. ICML 2022. arXiv:2203.05482. G. Ilharco 等: *Editing Models with Task Arithmetic*. ICLR 2023. arXiv:2212.04089.
# - S. Xie 等: *DoReMi*. NeurIPS 2023. arXiv:2305.10429. D. Xin 等: *Do Current Multi-Task Optimization Methods in Deep Learning Even Help?* NeurIPS 2022. V. Kurin 等: *In Defense of the Unitary Scalarization for Deep Multi-Task Learning*. NeurIPS 2022.
