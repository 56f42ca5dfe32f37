# %% [markdown] lang="en"
# # Lesson 09 · When does it help?
#
# **Which tasks, how many labels — and is it noise?**
#
# After this lesson you can
#
# 1. read a transfer matrix: who helps whom, with how many labels, and which of its figures may be chance;
# 2. measure *before* the long experiment how well tasks go together (affinity, curves, pairs), and say how much such a forecast is worth;
# 3. plan a comparison: how many seeds an effect needs, what it costs to stop when it looks good, and what one more test sentence cannot tell.
#
# *Reading: 50 minutes. Exercises and game: 40 minutes. All cells together run in under 60 seconds and need less than 1.1 GB of memory.
# It builds on lessons 03 and 04 (sharing, controls, paired differences, the winner's curse).*

# %% [markdown] lang="zh"
# # 第 09 课 · 什么时候有用？
#
# **哪些任务，多少标签，又怎么知道不是噪声？**
#
# 学完本课，你能够
#
# 1. 读懂迁移矩阵：谁帮谁，标签多少时帮，哪些数字可能只是运气；
# 2. 在做大实验**之前**，先量一量任务合不合得来（亲和度、曲线、两两组合），并说清这样的预报值多少；
# 3. 规划一次比较：一个效应要多少个种子，见好就收要付什么代价，多加测试句子解决不了什么。
#
# *阅读约 50 分钟，练习和游戏约 40 分钟。全部单元格运行不到 60 秒，内存不到 1.1 GB。
# 需要先学第 03、04 课（共享、对照、成对之差、赢家诅咒）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import display
from scipy import stats

from mtl_tutorial import answers, build_model, exercises, people, plots, train
from mtl_tutorial.affinity import Affinity
from mtl_tutorial.comparing import holm, paired_bootstrap, paired_difference
from mtl_tutorial.lessons.drawing import chance, difference, play
from mtl_tutorial.lessons.lesson_09 import EQUAL, RELATEDNESS, STEPS, SUBSETS, TASKS, results
from mtl_tutorial.widgets.seed_drawing import SeedDrawing

lesson = exercises.lesson("09", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · The transfer matrix
#
# So far we have looked at one target, `person`. Now at all **ordered pairs** of the four tasks: what does it bring task $j$ to be learned together with task $i$?
#
# First on the same footing: 200 sentences, and each of them has all four labels. So a model of one task and a model of two see the very same batches, 600 steps of them, in a trunk of the same width. The diet (lesson 03) is no excuse here; all that differs is that somebody else also pulls at the shared layers. Five seeds a cell. (The runs of this lesson are of the Chinese corpus in both notebooks. Scores are those of the validation part until section 7.)
#
# **Predict.** What does `relation` bring `person` when each has 200 labels? And what does `ner`?

# %% [markdown] lang="zh"
# ## 1 · 迁移矩阵
#
# 到现在为止，我们看的目标只有一个：`person`。现在看四个任务的所有**有序组合**：和任务 $i$ 一起学，给任务 $j$ 带来多少？
#
# 先让大家处境相同：200 个句子，每句四种标签俱全。这样，一个任务的模型和两个任务的模型，见到的批次一模一样，都是 600 步，主干也一样宽。伙食（第 03 课）在这里不能当借口；唯一的差别，是另有一个任务也在牵动共享的层。每格五个种子。（两种语言的笔记本，这一课的训练都来自中文语料。第 7 节之前，得分都是验证集上的。）
#
# **先预测。** 各有 200 个标签时，`relation` 给 `person` 带来多少？`ner` 呢？

# %%
matrix_guess = lesson.predict_first(relation_to_person=..., ner_to_person=...)
matrix_guess

# %%
runs = results()
together = runs[runs["model"].eq("together")]
group = dict(list(together.groupby("tasks")))


def scores(rows, task, split="valid"):
    """Score of a task by seed. | 一个任务的得分，按种子排列。"""
    return pd.Series({run.header["seed"]: run.final(split)[task] for run in rows["run"]})


def pair_gain(i, j, among=None):
    """What i brings j, over j alone. | i 给 j 带来多少（和 j 单独学相比）。"""
    some = among or group
    pair = next(s for s in SUBSETS if set(s) == {i, j})
    return paired_difference(scores(some[pair], j), scores(some[j,], j))


pair_gain("relation", "person").in_words(LANGUAGE)

# %%
ordered = [(i, j) for i in TASKS for j in TASKS if i != j]
truth = {(i, j): pair_gain(i, j) for i, j in ordered}
rows = {j: {i: truth[i, j] for i in TASKS if i != j} for j in TASKS}
plots.transfer_matrix({"200 labels each | 各 200 个标签": rows}, language=LANGUAGE)

# %%
matrix_guess.compare(
    relation_to_person=truth["relation", "person"].mean, ner_to_person=truth["ner", "person"].mean
)

# %% [markdown] lang="en"
# Read a row: what the others bring this task. Read a column: what this task brings the others. The matrix is not symmetric, and not what lesson 03 has taught us to expect. The *related* task brings `person` nothing here; with its 200 labels it costs three points. The column that gains is `ner`, which has no word in common with anybody's question.
#
# What could explain it? Count what each companion *knows*. `relation` has 200 labels, of the same sentences that `person` has; whatever a relation word means there, `person` can learn by itself. `ner` has a label for every token of these sentences, thousands, and they say where names begin and end, which nobody else is told. (That is an explanation, not a result. A test of it would give `ner` as many labels as the others have, on ten sentences or so; these runs do not have that.)
#
# And be strict: twelve comparisons were made. Judged together by Holm's correction, how many claims are left?

# %% [markdown] lang="zh"
# 横着读：别的任务给这个任务带来什么。竖着读：这个任务给别的任务带来什么。矩阵不对称，也不像第 03 课让我们以为的那样。**相关**的任务在这里没有给 `person` 带来什么，反而让它损失三个百分点左右。真正帮了别人的那一列是 `ner`，而谁的问题都和它没有共同的词。
#
# 怎么解释？数一数各个同伴**知道**多少。`relation` 有 200 个标签，和 `person` 的是同样的句子；一个关系词在那里是什么意思，`person` 自己就能学到。`ner` 却给这些句子的每个词元都标了标签，成千上万个，说明名字从哪里开始、到哪里结束，这是别的任务听不到的。（这只是一种解释，不是结果。要检验它，就该让 `ner` 的标签和别人一样多，比如只标十来个句子；这里没有这样的训练。）
#
# 还要严格一些：一共做了十二个比较。用 Holm 校正放在一起评判，还剩几个结论？

# %%
strict = holm({f"{i}→{j}": cell for (i, j), cell in truth.items()})
verdicts = {"one by one | 逐个看": truth.values(), "together | 一起看": strict.values()}
pd.DataFrame({k: pd.Series([c.verdict for c in v]).value_counts() for k, v in verdicts.items()})

# %% [markdown] lang="en"
# What the correction takes away was not necessarily false; it was not proven, one among twelve. Five seeds give a wide interval, and Holm asks much of them.
#
# ### Fewer labels, more labels, no agreement
#
# The same matrix with 60 and with 600 labels each; and all three once more on a corpus whose labels do not agree on purpose: at **agreement** 0 what `person` and `relation` say of one sentence has nothing to do with each other (section 2 has this knob). The sentences are the same for all tasks as before, 600 steps, five seeds.
#
# **Predict.** In how many of the six matrices does `relation` help `person` on average? And in how many does `ner`?

# %% [markdown] lang="zh"
# 校正拿掉的，不一定是假的，只是十二个里面的一个，还不足以服人。五个种子的区间很宽，Holm 校正对它们要求又高。
#
# ### 标签少些、多些，或者不一致
#
# 同样的矩阵，各有 60 个标签，各有 600 个标签；然后三张都换一份语料再做一遍，那份语料的标签没有特意弄得一致：**一致性**（agreement）为 0 时，同一个句子的 `person` 和 `relation` 毫不相干（第 2 节会用到这个旋钮）。各任务的句子仍然相同，600 步，五个种子。
#
# **先预测。** 六张矩阵里，`relation` 平均帮了 `person` 的有几张？`ner` 呢？

# %%
helped = lesson.predict_first(relation=..., ner=...)
helped


# %%
def matrix_of(model):
    """Target → companion → what it brings, judged together. | 目标 → 同伴 → 带来多少，放在一起评判。"""
    some = dict(list(runs[runs["model"].eq(model)].groupby("tasks")))
    cells = holm({f"{i}→{j}": pair_gain(i, j, some) for i, j in ordered})
    return {j: {i: cells[f"{i}→{j}"] for i in TASKS if i != j} for j in TASKS}


agreeing = {60: "60 labels", 200: "together", 600: "600 labels"}
six = {
    (n, known): matrix_of(agreeing[n] if known else f"{n} labels, agreement 0")
    for known in (True, False)
    for n in agreeing
}
plots.transfer_matrix(
    {f"{n} labels each | 各 {n} 个标签": six[n, True] for n in agreeing}, language=LANGUAGE
)

# %%
plots.transfer_matrix(
    {f"{n} labels, agreement 0 | {n} 个标签，一致性 0": six[n, False] for n in agreeing},
    language=LANGUAGE,
)

# %%
positive = {i: sum(m["person"][i].mean > 0 for m in six.values()) for i in ("relation", "ner")}
helped.compare(**positive)

# %% [markdown] lang="en"
# `relation` helps `person` in one of the six on average, and there by a tenth of a point; elsewhere it costs some, up to ten points. With few labels or with many, with agreement or without: between two tasks that have the same sentences and as many labels, the related one has nothing to give. `ner` is the giver still. With 60 and with 200 labels its column is above zero in all twelve cells; with 600 it is near zero for `person`, and no claim of it stands. The more labels a task has itself, the less a companion has to tell it. And nobody gives `ner` anything: seventeen of its eighteen cells are below zero.
#
# Each matrix is judged by itself here, twelve claims at a time, and five cells of 72 stand. Judged all together, two are left, both of the matrix that you saw first. The more tables a paper has, the more it has to be asked how many were looked at.
#
# ### When the companion knows more
#
# Now the usual case: the companion has many labels, 2,000, and `person` few. (The diet is back: `person`'s sentences are scattered among the companion's. Both sides take the same steps; the number of steps grows with the labels, 600, 800, 1,200.)
#
# **Predict.** What does `relation` bring `person` with 60, 200 and 600 labels?

# %% [markdown] lang="zh"
# 六张矩阵里，`relation` 平均帮了 `person` 的只有一张，才 0.1 个百分点；其余几张都让它降低，最多十个百分点。标签少也好，多也好，一致也好，不一致也好：两个任务句子相同、标签一样多时，相关的那个没有什么可给。给的仍然是 `ner`。各有 60 个和 200 个标签时，它那一列的十二格都在零以上；到 600 个，它对 `person` 的作用接近零，没有一个结论站得住。自己的标签越多，同伴能告诉它的就越少。而谁也没给 `ner` 什么：它的十八格里，十七格在零以下。
#
# 这里每张矩阵各自评判，一次十二个结论，72 格里有五格站得住。全部放在一起评判，就只剩两格，都在最先看到的那张矩阵里。一篇论文的表越多，越要问一问：总共看过多少张？
#
# ### 同伴知道得更多
#
# 再看常见的情形：同伴的标签多，有 2000 个，`person` 的少。（伙食又回来了：`person` 的句子散布在同伴的句子当中。两边步数相同；标签越多，步数越多：600、800、1200。）
#
# **先预测。** `person` 有 60、200、600 个标签时，`relation` 各带来多少？

# %%
many_guess = lesson.predict_first(n60=..., n200=..., n600=...)
many_guess


# %%
def person(model, labels=60, steps=None, related=None):
    """Validation score of `person`, by seed. | `person` 在验证集上的得分，按种子排列。"""
    rows = runs[runs["model"].eq(model) & runs["labels"].eq(labels)]
    rows = rows[rows["steps"].eq(steps or STEPS[labels])]
    return scores(rows if related is None else rows[rows["related"].eq(related)], "person")


companions = ("relation", "sentiment")
many = {
    n: {c: paired_difference(person(c, n), person("alone", n)) for c in companions} for n in STEPS
}
many_guess.compare(**{f"n{n}": cells["relation"].mean for n, cells in many.items()})

# %%
MANY_LABELS = "companion: 2,000 labels | 同伴有 2000 个标签"
plots.transfer_matrix({MANY_LABELS: {f"person, {n}": many[n] for n in STEPS}}, language=LANGUAGE)

# %% [markdown] lang="en"
# The same pair of tasks, the same corpus, the same network: `relation` costs `person` a little in the first matrix and is worth 25 points in this one, with 60 labels. With 600 it costs again. So "`relation` helps `person`" is not a property of two tasks. It takes relatedness *and* somebody who knows more than one knows oneself; and as `person`'s own labels grow, the help shrinks.
#
# ## 2 · Two knobs
#
# Why does `relation` help at all? On real data one can only guess. This corpus has knobs.
#
# - **Relatedness.** In place of a real companion an *auxiliary* task, whose labels agree with a renaming of `person`'s own with a share that we choose, and are drawn by lot otherwise. At 0 it tells nothing about `person`, at 1 everything.
# - **Agreement.** In the shipped sentences the two people named are to each other what the person spoken of is to the speaker in 65 % of the cases, on purpose. At 0 the *words* of `person` and `relation` are still the same ones, but their *labels* no longer tell of each other.
#
# `person` has 60 labels, its companion 2,000; 800 steps for the first knob, 600 for the second.
#
# **Predict.** What does a companion bring at relatedness 0, and at 1? And of what `relation` brings as it is shipped, how much is left at agreement 0?

# %% [markdown] lang="zh"
# 同样两个任务，同一个语料，同样的网络：在第一个矩阵里，`relation` 让 `person` 略有损失；在这一个里，60 个标签时它却值 25 个百分点，到 600 个时又成了损失。可见“`relation` 对 `person` 有帮助”不是两个任务的性质。要帮得上，得相关，**还得**知道得比自己多；而 `person` 自己的标签越多，帮助就越小。
#
# ## 2 · 两个旋钮
#
# `relation` 究竟为什么有帮助？在真实数据上只能猜，这个语料却有旋钮。
#
# - **相关程度**（relatedness）。不用真实的同伴，而用一个**辅助任务**：它的标签以我们选定的比例和 `person` 的标签一致（只是改了名字），其余的靠抽签。比例为 0，它和 `person` 毫不相干；为 1，它什么都知道。
# - **一致程度**（agreement）。在随课程附带的句子里，有 65% 的情形是故意安排的：被提到的两个人之间的关系，就是被谈论的人和说话人之间的关系。调到 0，`person` 和 `relation` 用的还是同样的**词**，但**标签**不再互相透露。
#
# `person` 有 60 个标签，同伴有 2000 个；第一个旋钮训练 800 步，第二个 600 步。
#
# **先预测。** 相关程度为 0 时，同伴带来多少？为 1 时呢？`relation` 原本带来的，一致程度调到 0 之后还剩多少？

# %%
knob_guess = lesson.predict_first(related_0=..., related_1=..., agreement_0=...)
knob_guess

# %%
relatedness = {
    share: paired_difference(person("beside", steps=800, related=share), person("alone", steps=800))
    for share in RELATEDNESS
}
without = [person(f"{model}, agreement 0") for model in ("relation", "alone")]
agreement = {0.0: paired_difference(*without), 0.65: many[60]["relation"]}
knob_guess.compare(
    related_0=relatedness[0.0].mean,
    related_1=relatedness[1.0].mean,
    agreement_0=agreement[0.0].mean,
)

# %%
AUXILIARY, RELATION = "auxiliary, related | 辅助任务，相关程度", "relation, agreeing | relation，一致程度"


def turn(related=1.0, agreeing=0.65):
    """Both knobs: a picture, and the same in words. | 两个旋钮：一张图，以及同样内容的文字。"""
    found = {
        f"{AUXILIARY} {related:.0%}": relatedness[related],
        f"{RELATION} {agreeing:.0%}": agreement[agreeing],
    }
    print("\n".join(f"{name}: {row.in_words(LANGUAGE)}" for name, row in found.items()))
    return plots.differences(found, language=LANGUAGE)


widgets.interactive(
    lambda related, agreeing: display(turn(related, agreeing)),
    related=widgets.SelectionSlider(options=list(relatedness), value=1.0),
    agreeing=widgets.SelectionSlider(options=list(agreement), value=0.65),
)

# %% [markdown] lang="en"
# **Goal.** Find the least relatedness at which the companion is claimed to help, and the one that is worth about as much as `relation`. If you cannot or do not wish to drag sliders, call `turn(0.5, 0.0)` with other figures, or look at all positions at once:

# %% [markdown] lang="zh"
# **目标。** 找出同伴能被判为“有帮助”的最小的相关程度，以及和 `relation` 差不多一样有用的相关程度。不能或不想拖滑块，就调用 `turn(0.5, 0.0)`，换不同的数；也可以一次看全部位置：

# %%
rows = {f"{AUXILIARY} {share:.0%}": row for share, row in relatedness.items()}
rows |= {f"{RELATION} {share:.0%}": row for share, row in agreement.items()}
plots.differences(rows, language=LANGUAGE)

# %% [markdown] lang="en"
# A companion that is drawn by lot brings nothing that five seeds could see; half related it already brings a good deal, and one that knows everything is worth 50 points (2,000 labels of `person` under other names: no wonder). As shipped, `relation` lies between half and 80 %. Of its gain a quarter or so is left at agreement 0: that much the *words* bring, the rest hung on labels that agree. (The corpus with agreement 0 has other sentences; its `person` alone is its own baseline.)
#
# ## 3 · Can one know beforehand?
#
# To find out whether two tasks go together, one trains them together, over seeds. With four tasks that is six pairs; with ten it is 45, and the groups of more than two run into the hundreds. So people look for a **forecast** that costs one training. We take two, and hold each against the matrix of section 1, where the diet plays no part.
#
# **Task affinity** (Fifty et al. 2021). Train all tasks together, once. Every now and then stop, take a step on the shared layers for task $i$ alone, look at the loss of task $j$ on the same batch, and take the step back:
#
# $$Z_{i \to j} = 1 - \frac{L_j(\theta - \eta\, \nabla_\theta L_i)}{L_j(\theta)}$$
#
# Above zero, a step for $i$ lowers the loss of $j$. The mean over the training is the forecast of what $i$ brings $j$.
#
# ### Exercise 1 · `affinity`
#
# Write `affinity(before, after)`: `before[j]` is the loss of task $j$ before the step, `after[i, j]` its loss after a step for task $i$. Give back the table of all $Z_{i \to j}$, a row for each $i$.

# %% [markdown] lang="zh"
# 靠抽签的同伴，五个种子看不出带来了什么；一半相关的，已经带来不少；什么都知道的，值 50 个百分点（相当于换了名字的 2000 个 `person` 标签，不足为奇）。随课程附带的 `relation`，介于一半和 80% 之间。一致程度调到 0，它的提高还剩四分之一左右：这些是**词**带来的，其余的靠标签互相透露。（一致程度为 0 的语料，句子是另一批；拿来比较的，是同一批句子上单独学的 `person`。）
#
# ## 3 · 能不能事先知道？
#
# 想知道两个任务合不合得来，就把它们放在一起训练，跑几个种子。四个任务有六对；十个任务有 45 对，三个以上的组更是成百上千。所以大家都想找一种只花一次训练的**预报**。我们取两种，和第 1 节的矩阵对照；那里没有伙食的问题。
#
# **任务亲和度**（task affinity，Fifty 等，2021）。把所有任务放在一起训练一次。每隔一阵停下来，只为任务 $i$ 在共享层上走一步，看看任务 $j$ 在同一批次上的损失，再把这一步退回去：
#
# $$Z_{i \to j} = 1 - \frac{L_j(\theta - \eta\, \nabla_\theta L_i)}{L_j(\theta)}$$
#
# 大于零，就说明为 $i$ 走一步会降低 $j$ 的损失。整个训练过程中的平均，就是“$i$ 给 $j$ 带来多少”的预报。
#
# ### 练习 1 · `affinity`
#
# 请写 `affinity(before, after)`：`before[j]` 是走这一步之前任务 $j$ 的损失，`after[i, j]` 是为任务 $i$ 走一步之后它的损失。返回所有 $Z_{i \to j}$ 组成的表，每个 $i$ 一行。

# %% tags=["exercise"] exercise="affinity"
affinity = ...

# %%
lesson["affinity"].check(affinity)
# lesson["affinity"].hint()
# lesson["affinity"].solution()

# %% [markdown] lang="en"
# `mtl_tutorial.affinity.Affinity` does this as a Keras callback. It leaves the training as it is, to the last bit: what is shared is put back after each look. Here is the one training that the forecast costs, all four tasks together.
#
# **Predict** the correlation of $Z_{i \to j}$ with the gains of section 1, over the twelve ordered pairs: from −1 to 1.

# %% [markdown] lang="zh"
# `mtl_tutorial.affinity.Affinity` 把它做成了 Keras 的回调。训练本身丝毫不受影响，每一位都相同：每看一次，共享的层都恢复原样。预报只花一次训练，就在这里：四个任务一起。
#
# **先预测** $Z_{i \to j}$ 和第 1 节的提高之间的相关系数（correlation），共十二个有序组合：从 −1 到 1。

# %%
forecast_guess = lesson.predict_first(r=...)
forecast_guess

# %%
data = people.load("zh", TASKS).with_labels(dict.fromkeys(TASKS, EQUAL), seed=0)
options = {"steps_per_epoch": 100, "learning_rate": 3e-3, "progress": False}
looking = Affinity(data["train"])
train(build_model(data, units=32, embedding_dim=32), data, epochs=6, callbacks=[looking], **options)
looks = pd.DataFrame(looking.rows, columns=["epoch", "i", "j", "Z"])
Z = 1000 * looks.groupby(["i", "j"])["Z"].mean()
Z.unstack().loc[list(TASKS), list(TASKS)].round(2)

# %%
forecast = pd.DataFrame({"gain": {pair: cell.mean for pair, cell in truth.items()}})
forecast["affinity"] = [Z[pair] for pair in ordered]
r = stats.pearsonr(forecast["affinity"], forecast["gain"])
low, high = r.confidence_interval()
forecast_guess.compare(r=float(r.statistic))

# %%
fig, ax = plt.subplots(figsize=(6, 4))
for i, j in ordered:
    cell, x = truth[i, j], Z[i, j]
    ax.plot([x, x], [cell.low, cell.high], color=plots.task_color(i), lw=1)
    ax.plot(x, cell.mean, "o", color=plots.task_color(i))
    ax.annotate(f"{i}→{j}", (x, cell.mean), fontsize=7, xytext=(4, 2), textcoords="offset points")
ax.axhline(0, color="gray", ls="--", lw=1)
ax.set(
    xlabel="forecast: 1000 × affinity | 预报：1000 × 亲和度",
    ylabel="truth: gain in points | 真相：提高的百分点",
    title=f"r = {r.statistic:+.2f} ({low:+.2f} … {high:+.2f})",
)
plt.show()

# %% [markdown] lang="en"
# The forecast has the sign right for `ner`, which helps everybody. For the very pair that this course has been about it foresees by far the greatest harm, in both directions; but `person` loses less beside `relation` than beside `sentiment`, of which nothing was foreseen, and of `relation` beside `person` one cannot tell. The correlation is positive, and its interval reaches from well below zero to nearly one: **cannot tell**, with twelve pairs. (Twelve pairs of four tasks are not twelve independent ones, so the interval is, if anything, too narrow.)
#
# Two reasons why a good forecast is hard here. A step is looked at on a batch of *training* sentences; what is gained on them may be learning by heart. (`relation` and `person` read the same words in the same sentences with different answers: while they are learned by heart, they pull apart.) And the gains themselves are small beside their intervals: no forecast can agree with noise. On nine vision tasks Fifty et al. found their groups to be better than most; four tasks on 200 sentences are another world.
#
# **Learning curves** (Bingel & Søgaard 2017). They trained 90 ordered pairs of ten tasks and asked what predicts the gain. Their answer: the *main* task's own curve, long before: a task that has come to rest while its companion still learns gains most. We take the simplest version, how many points a task alone still climbs after its first 100 steps, of the target and of the companion:

# %% [markdown] lang="zh"
# `ner` 对谁都有帮助，这一点预报的正负号对了。对本课程一路在讲的那一对，它预报的害处远远超过其他，而且两个方向都是；可是 `person` 和 `relation` 一起，损失得比和 `sentiment` 一起时还少，后者却什么也没有预报出来；至于 `relation` 和 `person` 一起，则无法判断。相关系数是正的，区间却从明显的负数一直伸到接近一：十二个组合，**无法判断**。（四个任务的十二个组合并非互相独立，所以这个区间只会嫌窄。）
#
# 在这里要报得准，难在两处。每一步都是在**训练**句子的批次上看的，在那里的收获，可能只是死记硬背。（`relation` 和 `person` 在同样的句子里看同样的词，答案却不同：死记的时候，它们互相拉扯。）而且提高本身和区间相比就不大：和噪声是没法一致的。Fifty 等在九个视觉任务上发现，按亲和度归的组，比多数别的归法好；四个任务、200 个句子，是另一番天地。
#
# **学习曲线**（Bingel 和 Søgaard，2017）。他们训练了十个任务的 90 个有序组合，想知道什么能预言提高。答案是**主任务**自己的曲线：自己已经停下来、同伴还在学的任务，得益最多。我们取最简单的版本：一个任务单独学时，头 100 步之后还升几个百分点，目标和同伴都算：

# %%
climbs = {
    t: np.mean([100 * (run.curve(t)[6] - run.curve(t)[1]) for run in group[t,]["run"]]) for t in TASKS
}
forecast["target climbs"] = [climbs[j] for _, j in ordered]
forecast["companion climbs"] = [climbs[i] for i, _ in ordered]
rows = {}
for name in ("affinity", "target climbs", "companion climbs"):
    found_r = stats.pearsonr(forecast[name], forecast["gain"])
    rows[name] = [found_r.statistic, *found_r.confidence_interval()]
predictors = pd.DataFrame(rows, index=["r", "low", "high"]).T.round(2)
predictors

# %% [markdown] lang="en"
# How much the *companion* still climbs goes with the gain, and the interval is above zero. Do not celebrate. There are twelve points, but only four different values, one a task; and the task that climbs most is `ner`, whose column gains. The correlation says once more that `ner` helps, and would say so of *anything* in which `ner` stands out (its number of labels, its score, the length of its name). The interval knows nothing of that: it counts twelve independent pairs. And of Bingel and Søgaard's own finding, the target's curve, nothing is to be seen: cannot tell.
#
# ## 4 · Groups from pairs
#
# Affinity, curves, pairs: what one wants in the end is a decision, *which tasks go into one model together?* Standley et al. (2020) forecast a task's score in a group by the mean of its scores in the pairs of that group. For that one trains the pairs, not the groups.
#
# ### Exercise 2 · `from_pairs`
#
# `pairs[task, partner]` is the score of `task` trained beside `partner`; `pairs[task, task]` its score alone. Write `from_pairs(pairs, task, group)`: the forecast for `task` in `group`, a tuple of names with the task itself among them.

# %% [markdown] lang="zh"
# **同伴**还升多少，和提高是相关的，区间也在零以上。先别高兴。点有十二个，不同的值却只有四个，一个任务一个；升得最多的是 `ner`，而带来提高的正是它那一列。这个相关只不过又说了一遍“`ner` 有帮助”；**随便什么**，只要 `ner` 与众不同（标签数、得分、名字的长短），都会这样说。区间对此一无所知：它把十二个组合当成互相独立的。至于 Bingel 和 Søgaard 自己的发现，即目标任务的曲线，这里什么也看不出：无法判断。
#
# ## 4 · 从两两组合到分组
#
# 亲和度、曲线、两两组合，最终要的是一个决定：**哪些任务放进同一个模型？** Standley 等（2020）的预报是：一个任务在一组里的得分，等于它在这一组的各个两两组合里得分的平均。这样只要训练两两组合，不必训练各组。
#
# ### 练习 2 · `from_pairs`
#
# `pairs[task, partner]` 是 `task` 和 `partner` 一起训练时 `task` 的得分，`pairs[task, task]` 是它单独的得分。请写 `from_pairs(pairs, task, group)`：预报 `task` 在 `group` 里的得分；`group` 是任务名的元组，其中包括这个任务自己。

# %% tags=["exercise"] exercise="from_pairs"
from_pairs = ...

# %%
lesson["from_pairs"].check(from_pairs)
# lesson["from_pairs"].hint()
# lesson["from_pairs"].solution()

# %% [markdown] lang="en"
# A grouping puts each of the four tasks into one of several models; there are 15 (lesson 04). Its score is the mean of its four tasks' scores, and 15 trained groups suffice to know all of them, seed by seed.

# %% [markdown] lang="zh"
# 一种分组（grouping），就是把四个任务各自放进几个模型中的一个；共有 15 种（第 04 课）。它的得分是四个任务得分的平均；有了那 15 种组合的训练，每种分组在每个种子下的得分就都知道了。

# %%
score = {(t, s): 100 * scores(group[s], t) for s in SUBSETS for t in s}


def groupings(tasks):
    """Every way to divide the tasks into groups. | 把任务分组的所有分法。"""
    if not tasks:
        return [()]
    first = [s for s in SUBSETS if tasks[0] in s and set(s) <= set(tasks)]
    rest = [tuple(t for t in tasks if t not in s) for s in first]
    return [(s, *more) for s, others in zip(first, rest, strict=True) for more in groupings(others)]


named = {"  /  ".join("+".join(group) for group in g): g for g in groupings(TASKS)}
true = pd.DataFrame({
    name: sum(score[t, s] for s in g for t in s) / len(TASKS) for name, g in named.items()
})
true.mean().round(1).sort_values()

# %%
ALONE = "  /  ".join(TASKS)
ranked = true.mean().drop(ALONE).sort_values(ascending=False).index
plots.differences({g: difference(true[g] - true[ALONE]) for g in ranked}, language=LANGUAGE)

# %% [markdown] lang="en"
# Each line is one grouping against four models alone, mean of the four tasks' scores, paired over seeds. **Predict**: is the grouping that the pairs would have chosen among the best three?

# %% [markdown] lang="zh"
# 每一行是一种分组和四个单独的模型相比：四个任务得分的平均，按种子成对。**先预测。** 按两两组合选出来的分组，排不排得进前三？

# %%
rank_guess = lesson.predict_first(rank=...)
rank_guess

# %%
mean = {place: values.mean() for place, values in score.items()}
pairs = {(t, o): mean[t, s] for t, s in mean if len(s) <= 2 for o in set(s) - {t} or {t}}


def forecast_of(grouping):
    """The mean forecast of the four tasks. | 四个任务的预报的平均。"""
    each = [
        np.mean([pairs[t, o] for o in group if o != t] or [pairs[t, t]])
        for group in grouping
        for t in group
    ]
    return np.mean(each)


by_pairs = pd.Series({name: forecast_of(g) for name, g in named.items()})
chosen = by_pairs.idxmax()
rank_guess.compare(rank=int(true.mean().rank(ascending=False)[chosen]))

# %%
fig, ax = plt.subplots(figsize=(5.5, 4))
ax.plot(by_pairs, true.mean(), "o", color="#0072B2")
for g in dict.fromkeys([chosen, true.mean().idxmax(), true.mean().idxmin(), ALONE]):
    ax.annotate(g, (by_pairs[g], true.mean()[g]), fontsize=7)
ends = [true.mean().min(), true.mean().max()]
ax.plot(ends, ends, "--", color="gray", lw=1)
ax.set(xlabel="forecast from pairs | 由两两组合预报", ylabel="truth, validation | 真相（验证集）")
plt.show()

# %% [markdown] lang="en"
# Rank 1, and yet no forecast: the chosen grouping has no group of more than two, so its score was *measured*. The same holds for ten of the fifteen; they lie on the dashed line because they must. The method is tested by the other five alone, those with three or four tasks in one model. All five lie **below** the line: three in a trunk are worse off than their pairs let one hope, above all `ner`, and the mean over pairs cannot know it. The choice was right because it avoided what cannot be forecast.
#
# What differs between the two ends of the list? Not the sharing alone. Four models have four trunks of 32 units, one model has one; a wider trunk might well carry all four (lesson 04 calls it crowding). And slower is not worse: does the model of all four tasks still climb when its 600 steps are over?

# %% [markdown] lang="zh"
# 排名第 1，却算不上预报：选出的分组里没有两个以上任务的组，它的得分是**量出来**的。十五种里有十种都是如此；它们落在虚线上，是理所当然。真正检验这个办法的，只有另外五种：有三个或四个任务挤在一个模型里的。这五种全在虚线**以下**：三个任务挤在一条主干里，处境比两两组合让人以为的要差，`ner` 尤其如此，而两两取平均是看不到这一点的。这次选对了，是因为绕开了预报不了的东西。
#
# 名单的两头，差别在哪里？不只是共享。四个模型有四条 32 个单元的主干，一个模型只有一条；主干宽一些，也许四个任务都装得下（第 04 课称之为拥挤）。再说，慢不等于差：600 步结束时，四个任务的那个模型还在往上升吗？

# %%
from mtl_tutorial.runs import still_climbing

{task: still_climbing(group[SUBSETS[-1]]["run"], task) for task in TASKS}

# %% [markdown] lang="en"
# `ner` does, the others do not. So part of what all four in one trunk lose is time: with more steps `ner` would come closer to what it is alone, and these runs do not say how close. The three others have come to rest, lower than alone.
#
# And how sure is the *best* of 15? Let four of the seeds choose, and the fifth judge, five times over:

# %% [markdown] lang="zh"
# `ner` 还在升，另外三个不升了。可见四个任务挤在一条主干里，损失的有一部分只是时间：多训练些步，`ner` 会更接近单独学时的得分，究竟多接近，这些训练没有说。另外三个则已经停下来了，比单独学时低。
#
# 15 个里**最好**的那个，又有多可靠？让四个种子来选，第五个来评，轮流五次：

# %%
rows = []
for seed in true.index:
    others = true.drop(seed).mean()
    winner = others.idxmax()
    fifth = true.loc[seed]
    rows.append([winner, others[winner] - others[ALONE], fifth[winner] - fifth[ALONE]])
columns = ["winner | 胜出", "gain where it was chosen | 挑选时的提高", "gain on the fifth | 在第五个种子上"]
curse = pd.DataFrame(rows, columns=columns, index=true.index)
curse.round(1)

# %% [markdown] lang="en"
# Four seeds mostly choose the same grouping, and on the fifth it gains about as much as where it was chosen. The curse is mild, because the candidates at the top differ in kind from those below, and only two of them compete for the first place: which companion `ner` gets. *That* question these runs leave open. (And all of it is on one validation part; section 7 opens the other.)
#
# ## 5 · How sure?
#
# A forecast is held against a truth that is itself uncertain. How uncertain, the comparisons so far tell: each cell of both matrices has five differences, and what they deviate from their mean is what seeds do. All cells together:

# %% [markdown] lang="zh"
# 四个种子选出的大多是同一种分组，到第五个种子上，提高的幅度也和挑选时相仿。诅咒之所以轻，是因为排在前面的和排在后面的，根本不是一类；争第一的只有两种，差别在于 `ner` 和谁做伴。**这个**问题，这些训练没有给出答案。（而且这些都在同一份验证集上；另一份，第 7 节才打开。）
#
# ## 5 · 有多大把握？
#
# 用来检验预报的真相，本身就不确定。有多不确定，看前面的比较就知道：两个矩阵里，每格有五个差，它们偏离平均的部分，就是种子的作用。把所有格子放在一起：

# %%
pairs_of = {pair: next(s for s in SUBSETS if set(s) == set(pair)) for pair in ordered}
cells = [(scores(group[pairs_of[i, j]], j), scores(group[j,], j)) for i, j in ordered]
cells += [(person(c, n), person("alone", n)) for n in STEPS for c in companions]
points = pd.DataFrame([100 * (ours - alone) for ours, alone in cells])
residuals = chance(points)
print(f"{len(residuals)} × seed; s = {residuals.std():.1f}")

# %% [markdown] lang="en"
# ### Exercise 3 · `seeds_needed`
#
# Student's 95 % interval of $n$ differences with standard deviation $s$ reaches $t_{n-1}\, s/\sqrt n$ to either side. Write `seeds_needed(deviation, effect)`: the smallest $n$ (at least 2) at which it reaches less far than the effect, so that a mean that equals the effect would be claimed.

# %% [markdown] lang="zh"
# ### 练习 3 · `seeds_needed`
#
# $n$ 个差，标准差 $s$，Student 95% 置信区间向两边各伸出 $t_{n-1}\, s/\sqrt n$。请写 `seeds_needed(deviation, effect)`：使它短于效应的最小的 $n$（至少 2）；这样，平均值若恰好等于效应，就能下结论。

# %% tags=["exercise"] exercise="seeds_needed"
seeds_needed = ...

# %%
lesson["seeds_needed"].check(seeds_needed)
# lesson["seeds_needed"].hint()
# lesson["seeds_needed"].solution()

# %% [markdown] lang="en"
# **Power** is the chance that a true effect is found. We can play it: draw differences out of the real deviations, add an effect that we know, and count the verdicts. **Predict**: a companion truly brings 4 points. With five seeds, in how many of 100 studies is it claimed?

# %% [markdown] lang="zh"
# **检验功效**（power），是真实的效应被发现的机会。这可以拿来玩：从真实的偏差里抽，加上我们知道的效应，再数结论。**先预测。** 同伴确实带来 4 个百分点；用五个种子，100 次研究里有几次能得出结论？

# %%
power_guess = lesson.predict_first(percent=...)
power_guess

# %%
counts = (3, 5, 10, 20)
power = pd.DataFrame({
    f"{effect:+.0f}": {n: play(lambda p, n=n: len(p) == n, residuals, effect)["gains"] for n in counts}
    for effect in (2.0, 4.0, 8.0)
})
power_guess.compare(percent=float(100 * power.loc[5, "+4"]))

# %%
fig, ax = plt.subplots(figsize=(5.5, 3.4))
power.plot(ax=ax, marker="o", color=["#B4CBDD", "#44617B", "#1F2D3D"])
ax.axhline(0.8, color="gray", ls="--", lw=1)
ax.legend(title="true effect, points | 真实效应（百分点）", frameon=False)
ax.set(xlabel="seeds | 种子数", ylabel="share of studies that claim it | 得出结论的比例", ylim=(0, 1))
plt.show()

# %% [markdown] lang="en"
# The dashed line, 0.8, is what planners of studies ask for. Look where five seeds are: our whole course has lived on effects that are larger than what most papers report. And of the studies that did claim a small effect, the mean is too large, for only the lucky ones got through: the winner's curse once more.
#
# ### Draw until you are sure
#
# A seed costs money, so why not draw one at a time, and stop as soon as it is clear? **Goal**: play ten games, be right as often as you can, with few seeds. The true effect is −4, 0 or +4 points, each as likely.

# %% [markdown] lang="zh"
# 虚线 0.8 是规划研究的人通常要求的。看看五个种子在哪里：本课程一路走来，靠的是比多数论文报告的都大的效应。而且，在那些得出了结论的研究里，小效应的平均值总是偏大，因为只有走运的才过得了关：又是赢家诅咒。
#
# ### 抽到有把握为止
#
# 种子要花钱，何不一个一个地抽，看清楚了就停？**目标**：玩十局，种子尽量少，判断尽量准。真实效应是 −4、0 或 +4 个百分点，机会均等。

# %%
SeedDrawing(residuals, language=LANGUAGE, seed=1)

# %% [markdown] lang="en"
# The same without clicking: a **rule** says after each seed whether to stop, and `play` plays many games by it. Two rules: *five seeds, whatever comes*, and *stop as soon as the interval excludes zero, at most 20*. **Predict** for both, when the true effect is 0: in how many of 100 games is something claimed?

# %% [markdown] lang="zh"
# 不点鼠标也一样：一条**规则**在每个种子之后说停不停，`play` 按它玩许多局。两条规则：**不管怎样，就五个种子**；**置信区间一不含零就停，最多 20 个**。**先预测。** 真实效应是 0 的时候，这两条规则，100 局里各有几局会下结论？

# %%
stop_guess = lesson.predict_first(five=..., when_sure=...)
stop_guess


# %%
def five(points):
    return len(points) == 5


def when_sure(points):
    return difference(points).verdict in ("gains", "loses")


stops = pd.DataFrame({r.__name__: play(r, residuals, effect=0.0) for r in (five, when_sure)})
stop_guess.compare(five=100 * stops.loc["wrong", "five"], when_sure=100 * stops.loc["wrong", "when_sure"])

# %%
stops.round(2)

# %% [markdown] lang="en"
# Whoever looks after every seed and stops at the first good news (**optional stopping**) has not one chance of a false claim but one after each seed. The interval promises 95 % for a number of seeds that was fixed *before*. So fix it, and say so.
#
# ## 6 · Two sources of chance
#
# Seeds are one; the test sentences are another. With 2,000 other sentences the score would have been another one, too. Let us see both for one comparison: `person` with 60 labels, alone and beside `relation`, trained here with one seed.

# %% [markdown] lang="zh"
# 每个种子之后都看一眼，一见结果称心就停（**见好就收**，optional stopping），得出假结论的机会就不是一次，而是每个种子一次。置信区间保证的 95%，是对**事先**定好的种子数说的。所以要事先定好，并且写明。
#
# ## 6 · 两种偶然
#
# 种子是一种，测试句子是另一种：换 2000 个句子，得分也会不同。拿同一个比较看看两者：只有 60 个标签的 `person`，单独学，以及和 `relation` 一起学，当场用一个种子训练。

# %%
labels = {"person": 60, "relation": 2000}
right = {}
for tasks in (("person",), ("person", "relation")):
    part = people.load("zh", tasks).with_labels({t: labels[t] for t in tasks}, seed=0)
    net = build_model(part, units=32, embedding_dim=32, seed=0)
    train(net, part, epochs=8, seed=0, **{**options, "steps_per_epoch": 75})
    found_labels = answers(net, part, "valid")["person"]
    right[tasks] = (found_labels == part["valid"].targets["person"]).astype(float)
sentences = paired_bootstrap(right["person", "relation"], right["person",])

# %%
sources = {
    "1,000 sentences, one seed | 1000 个句子，一个种子": sentences,
    "five seeds | 五个种子": agreement[0.65],
}
plots.differences(sources, language=LANGUAGE)

# %% [markdown] lang="en"
# Two intervals for what looks like one difference. The first says: with *this* training, and other sentences of the same kind. The second: with *these* sentences, and another training (another 60 labels, other initial values, another order). More test sentences make the first as narrow as you like, and leave the second as it is. Whoever reports one seed with a significance test over sentences has shown that these two *models* differ, not that the *method* is better.
#
# ## 7 · The drawer is opened, once
#
# All choices have been made on validation. Now the test part, for one of them: the grouping that the pairs chose, beside four models alone and beside all four tasks in one.
#
# **Predict** what it gains over four models alone, in points.

# %% [markdown] lang="zh"
# 看上去是同一个差别，却有两个区间。前一个说的是：**这一次**训练，换一批同类的句子会怎样。后一个说的是：就用**这些**句子，重新训练（换 60 个标签、换初值、换顺序）会怎样。测试句子再多，能把前一个区间缩到任意窄，后一个却丝毫不变。只跑一个种子、在句子上做显著性检验的报告，说明的是这两个**模型**不同，而不是这种**方法**更好。
#
# ## 7 · 打开抽屉，只开一次
#
# 所有的选择都是在验证集上做的。现在打开测试集，只看一项：由两两组合选出的分组，和四个单独的模型比，也和四个任务全在一个模型里比。
#
# **先预测。** 它比四个单独的模型高几个百分点？

# %%
test_guess = lesson.predict_first(points=...)
test_guess

# %%
def on_test(name):
    """Mean test score of the four tasks, by seed. | 四个任务测试得分的平均，按种子。"""
    return sum(scores(group[s], t, "test") for s in named[name] for t in s) / len(TASKS)


final = {
    "chosen − alone | 选出的 − 单独": paired_difference(on_test(chosen), on_test(ALONE)),
    "all in one − alone | 全部一起 − 单独": paired_difference(on_test("+".join(TASKS)), on_test(ALONE)),
}
test_guess.compare(points=next(iter(final.values())).mean)

# %%
plots.differences(final, language=LANGUAGE)

# %% [markdown] lang="en"
# On test as on validation: the grouping in which `ner` has one companion gains a point or two over four models alone, all four in one trunk of this width lose several. How to report it: "chosen among 15 groupings on validation, five seeds, mean of four scores; 200 labels a task, Chinese, 32 units, 600 steps".
#
# ## In five lines
#
# 1. "Task A helps task B" is not a property of two tasks: with 200 labels each `relation` costs `person` some points, with 2,000 it is worth 25 where `person` has 60.
# 2. A companion helps by what it knows and one does not know oneself; relatedness alone is not enough, and one's own labels make the help fade.
# 3. Forecasts (affinity, curves) are cheap, and here they cannot be told from chance; look at how many independent points their correlation stands on.
# 4. Fix the number of seeds before you look. Whoever stops when it looks good claims effects that are not there several times as often as the 5 % say.
# 5. Seeds and test sentences are two sources of chance; an interval over one says nothing about the other.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | transfer matrix | for each ordered pair of tasks, what learning together brings the one over learning alone |
# | relatedness | how much one task's labels tell about another's |
# | affinity | how much a step for one task lowers another's loss, on the mean of a training |
# | correlation | from −1 to 1, how well two columns of numbers rise and fall together |
# | grouping | which tasks go into one model together |
# | power | the chance that a true effect of a given size is claimed |
# | optional stopping | looking after every seed, and stopping when the result pleases |
#
# ## Further reading
#
# - C. Fifty, E. Amid, Z. Zhao, T. Yu, R. Anil, C. Finn: *Efficiently Identifying Task Groupings for Multi-Task Learning*. NeurIPS (2021). Affinity.
# - T. Standley, A. Zamir, D. Chen, L. Guibas, J. Malik, S. Savarese: *Which Tasks Should Be Learned Together in Multi-task Learning?* ICML (2020). Groups from pairs.
# - J. Bingel, A. Søgaard: *Identifying beneficial task relations for multi-task learning in deep neural networks*. EACL (2017), 164–169. Ninety pairs, and what predicts the gain.
# - J. Simmons, L. Nelson, U. Simonsohn: *False-Positive Psychology*. Psychological Science 22 (2011), 1359–1366. Optional stopping, and how to make anything significant.
# - R. Dror, G. Baumer, S. Shlomov, R. Reichart: *The Hitchhiker's Guide to Testing Statistical Significance in Natural Language Processing*. ACL (2018), 1383–1392.
# - N. Reimers, I. Gurevych: *Reporting Score Distributions Makes a Difference*. EMNLP (2017), 338–348. What a seed does to a published table.
#
# Next: **lesson 10**, soft sharing.

# %% [markdown] lang="zh"
# 测试集上和验证集上一样：让 `ner` 和一个任务做伴的分组，比四个单独的模型高一两个百分点；四个任务挤进一条这么宽的主干，要低好几个百分点。报告时可以这样写：“在验证集上从 15 种分组中选出，五个种子，四个得分的平均；每个任务 200 个标签，中文语料，32 个单元，600 步。”
#
# ## 五句话小结
#
# 1. “任务甲对任务乙有帮助”不是两个任务的性质：各有 200 个标签时，`relation` 让 `person` 略有损失；它有 2000 个、`person` 只有 60 个时，却值 25 个百分点。
# 2. 同伴的帮助，来自它知道而自己不知道的东西；光是相关还不够，自己的标签多了，帮助也就淡了。
# 3. 预报（亲和度、曲线）很便宜，在这里却和偶然分不开；先看看它们的相关系数立在几个独立的点上。
# 4. 种子数要在看结果之前定好。见好就收的人，得出假结论的次数是 5% 的好几倍。
# 5. 种子和测试句子是两种偶然；一个的区间，说明不了另一个。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 迁移矩阵（transfer matrix） | 对每个有序的任务组合：和单独学相比，一起学给其中一个带来多少 |
# | 相关程度（relatedness） | 一个任务的标签透露了多少另一个任务的标签 |
# | 亲和度（affinity） | 为一个任务走一步，使另一个的损失降低多少，取整个训练的平均 |
# | 相关系数（correlation） | 从 −1 到 1，两列数一同升降到什么程度 |
# | 分组（grouping） | 哪些任务放进同一个模型 |
# | 检验功效（power） | 一定大小的真实效应被发现的机会 |
# | 见好就收（optional stopping） | 每个种子之后都看一眼，结果称心就停 |
#
# ## 延伸阅读
#
# - C. Fifty, E. Amid, Z. Zhao, T. Yu, R. Anil, C. Finn: *Efficiently Identifying Task Groupings for Multi-Task Learning*. NeurIPS (2021). 亲和度。
# - T. Standley, A. Zamir, D. Chen, L. Guibas, J. Malik, S. Savarese: *Which Tasks Should Be Learned Together in Multi-task Learning?* ICML (2020). 由两两组合到分组。
# - J. Bingel, A. Søgaard: *Identifying beneficial task relations for multi-task learning in deep neural networks*. EACL (2017), 164–169. 九十个组合，以及什么能预言提高。
# - J. Simmons, L. Nelson, U. Simonsohn: *False-Positive Psychology*. Psychological Science 22 (2011), 1359–1366. 见好就收，以及怎样让任何东西都显著。
# - R. Dror, G. Baumer, S. Shlomov, R. Reichart: *The Hitchhiker's Guide to Testing Statistical Significance in Natural Language Processing*. ACL (2018), 1383–1392.
# - N. Reimers, I. Gurevych: *Reporting Score Distributions Makes a Difference*. EMNLP (2017), 338–348. 一个种子能把发表的表格变成什么样。
#
# 下一课：**第 10 课**，软共享。
