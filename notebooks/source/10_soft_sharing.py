# %% [markdown] lang="en"
# # Lesson 10 · Soft sharing
#
# **Is there something between all and nothing?**
#
# After this lesson you can
#
# 1. build a cross-stitch unit and a gate by hand, and read from a trained one what each task takes from the others;
# 2. write plans that mix copies, and say what each costs in parameters;
# 3. compare soft sharing with plain plans of equal size, and say what five seeds can tell and what they cannot.
#
# *Reading: 40 minutes. Exercises: 30 minutes. All cells together run in under 60 seconds and need less than 1.2 GB of memory.
# It builds on lesson 03 (plans, the walk) and lesson 04 (controls, crowding).*

# %% [markdown] lang="zh"
# # 第 10 课 · 软共享
#
# **全部共享和互不共享之间，还有别的吗？**
#
# 学完本课，你能够
#
# 1. 亲手写出十字绣单元和门控，并从训练好的单元里读出：每个任务从别的任务那里取了多少；
# 2. 写出让几份副本混合的方案，并说出各要多少参数；
# 3. 在同样大小下把软共享和普通方案相比，并说清五个种子能说明什么、不能说明什么。
#
# *阅读约 40 分钟，练习约 30 分钟。全部单元格运行不到 60 秒，内存不到 1.2 GB。
# 需要先学第 03 课（方案、逐级上爬）和第 04 课（对照、拥挤）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mtl_tutorial import SharingPlan, build_model, comparing, exercises, people, plots, train
from mtl_tutorial.lessons import finished
from mtl_tutorial.lessons.lesson_10 import LABELS, PLANS, TASKS, size, units_of
from mtl_tutorial.runs import still_climbing
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.widgets.mixing_board import MixingBoard

lesson = exercises.lesson("10", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · A stitch by hand
#
# In lesson 04 a level was either shared or not. Sharing the words helped `person`; sharing the encoders on top crowded somebody. What if the network itself could decide how much to share?
#
# The oldest answer is a matrix. Every task keeps a copy of the layer, and after the layer each task goes on with a mixture of *all* copies, the **cross-stitch unit** (Misra et al. 2016):
#
# $$\tilde h_a = \sum_i \alpha_{ai}\, h_i$$
#
# $h_i$ is what copy $i$ makes of the sentence, $\alpha$ is a small matrix of numbers that is learned with everything else. Two tasks, two copies, one token, two features:

# %% [markdown] lang="zh"
# ## 1 · 亲手写一个十字绣单元
#
# 在第 04 课里，一个层级要么共享，要么不共享。共享嵌入层对 `person` 有帮助；再共享上面的编码器，就有任务嫌挤。能不能让网络自己决定共享多少？
#
# 最早的办法是一个矩阵。每个任务保留自己的一份，但过了这一层，每个任务接着用的是**所有**各份的混合，叫**十字绣单元**（cross-stitch unit，Misra 等 2016）：
#
# $$\tilde h_a = \sum_i \alpha_{ai}\, h_i$$
#
# $h_i$ 是第 $i$ 份对句子算出的结果，$\alpha$ 是一个小矩阵，里面的数和别的权重一起学。下面是两个任务、两份、一个词元、两个特征：

# %%
h = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])  # [copies, tokens, features] | [份, 词元, 特征]
alpha = np.array([[0.9, 0.1], [0.1, 0.9]])
mixed = [sum(alpha[a, i] * h[i] for i in range(2)) for a in range(2)]
np.array(mixed)

# %% [markdown] lang="en"
# **Predict.** The loss of task 0 depends on both copies now. With this `alpha`, how many times as strong is its gradient at its own copy, compared with the other one?

# %% [markdown] lang="zh"
# **先预测。** 现在任务 0 的损失同时依赖两份。按这个 `alpha`，它传到自己那一份的梯度，是传到另一份的多少倍？

# %%
reach = lesson.predict_first(times=...)
reach

# %%
copies = tf.Variable(h)
with tf.GradientTape() as tape:
    first = tf.einsum("i,itf->tf", alpha[0], copies)  # what task 0 goes on with | 任务 0 接着用的
    loss = tf.reduce_sum(first)
strength = tf.norm(tape.gradient(loss, copies), axis=(1, 2)).numpy()
reach.compare(times=strength[0] / strength[1])

# %% [markdown] lang="en"
# The number by which a copy is mixed in is the number by which the gradient comes back. So `alpha` is a tap that works in both directions: where it is 0, nothing is taken from the other task, and nothing is done to it.
#
# Two settings are old friends. With ones on the diagonal and zeros elsewhere every task lives alone: *separate*. With the same number everywhere all tasks go on with the same features, as if shared. Everything between is new.
#
# ### Exercise 1 · `stitch`
#
# Write `stitch(alpha, copies)` for any number of tasks: `alpha` is [tasks, copies], `copies` is [copies, tokens, features]; the result is [tasks, tokens, features].

# %% [markdown] lang="zh"
# 混进来时乘的是几，梯度回去时乘的也是几。所以 `alpha` 像一个双向的阀门：等于 0 的地方，不从别的任务那里取什么，也不去动它。
#
# 有两种设置是老朋友。对角线上是 1、其余是 0，各过各的，就是“互不共享”。处处是同一个数，所有任务接着用的特征都一样，就和共享了一般。介于两者之间的，才是新东西。
#
# ### 练习 1 · `stitch`
#
# 请写出 `stitch(alpha, copies)`，任务数不限：`alpha` 的形状是 [任务, 份]，`copies` 是 [份, 词元, 特征]；结果是 [任务, 词元, 特征]。


# %% tags=["exercise"] exercise="stitch"
def stitch(alpha, copies):
    return ...


# %%
lesson["stitch"].check(stitch)
# lesson["stitch"].hint()
# lesson["stitch"].solution()

# %% [markdown] lang="en"
# ## 2 · The same as a plan
#
# A plan can say it: `mix` names for a level how its copies come together.

# %% [markdown] lang="zh"
# ## 2 · 写成方案
#
# 方案里可以这样写：`mix` 说明某个层级上的几份怎样合到一起。

# %%
apart = SharingPlan.separate(TASKS)
stitched = SharingPlan(apart.as_dict(), mix={"encoder_1": "stitch", "encoder_2": "stitch"})
plots.sharing_diagram(stitched, language=LANGUAGE)

# %% [markdown] lang="en"
# A line between rings is a stitch. If what we said about the diagonal is true, then with the identity in both stitches this model must answer exactly as *separate* does. (One seed gives all copies the same start, in every plan; so only the stitches could differ.)

# %% [markdown] lang="zh"
# 圆圈之间的连线就是十字绣单元。如果上面关于对角线的话没错，那么把两处都设成单位矩阵，这个模型的回答就必须和“互不共享”分毫不差。（同一个种子下，各份副本在任何方案里初值都相同，所以能有差别的只有这些单元。）

# %%
data = people.load(LANGUAGE, TASKS).with_labels(LABELS, seed=0)
tiny = {"units": 8, "embedding_dim": 8}
by_stitch, alone = (build_model(data, plan, **tiny) for plan in (stitched, apart))
for level in ("encoder_1", "encoder_2"):
    for place, task in enumerate(TASKS):
        by_stitch.get_layer(f"{level}.stitch-{task}").alpha.assign(np.eye(3)[place])

# %%
some = data["valid"].inputs[:100]
ours, theirs = (model.predict(some, verbose=0) for model in (by_stitch, alone))
{task: float(np.abs(ours[task] - theirs[task]).max()) for task in TASKS}

# %% [markdown] lang="en"
# Zero, up to rounding. A stitch starts elsewhere, though: 0.9 of its own copy and 0.1 of the others, as in the paper.
#
# ## 3 · A gate
#
# A stitch has one number for all words of all sentences. A **gate** looks first: from what comes from below it computes, for each token, how much of each copy it wants. A softmax makes the shares positive and lets them sum to one:
#
# $$h_a = \sum_i g_{ai}(x)\, h_i, \qquad g_a(x) = \mathrm{softmax}(W_a x + b_a)$$
#
# The copies are then often called *experts*: shared by all (*multi-gate mixture of experts*, Ma et al. 2018), or with an expert of each task's own beside the shared one (*customized gate control*, Tang et al. 2020). In a plan a task then stands in several groups:

# %% [markdown] lang="zh"
# 除舍入误差外，全是零。不过十字绣单元的起点不在这里，而是像论文里那样：自己那份取 0.9，其余共取 0.1。
#
# ## 3 · 门控
#
# 十字绣单元对所有句子的所有词都用同一组数。**门控**（gate）则先看一看：它根据下面传上来的东西，为每个词元算出每一份各要多少。softmax 保证各份的比例是正数，加起来等于 1：
#
# $$h_a = \sum_i g_{ai}(x)\, h_i, \qquad g_a(x) = \mathrm{softmax}(W_a x + b_a)$$
#
# 这时每一份常被称作一个“专家”：可以全部公用（多门控混合专家，Ma 等 2018），也可以在公用的之外，每个任务再有一个自己的（定制门控，Tang 等 2020）。在方案里，一个任务就站在好几个组里：

# %%
PLANS["gates"].as_dict()["levels"]["encoder_1"], PLANS["gates"].mix

# %%
plots.sharing_diagram(PLANS["gates"], language=LANGUAGE)

# %% [markdown] lang="en"
# ### Exercise 2 · `gate`
#
# Write `gate(x, kernel, copies)` for one task: `x` is [tokens, features], `kernel` is [features, copies], `copies` is [copies, tokens, units]; the result is [tokens, units]. Leave out the bias.

# %% [markdown] lang="zh"
# ### 练习 2 · `gate`
#
# 请为一个任务写出 `gate(x, kernel, copies)`：`x` 的形状是 [词元, 特征]，`kernel` 是 [特征, 份]，`copies` 是 [份, 词元, 单元]；结果是 [词元, 单元]。偏置可以不写。


# %% tags=["exercise"] exercise="gate"
def gate(x, kernel, copies):
    return ...


# %%
lesson["gate"].check(gate)
# lesson["gate"].hint()
# lesson["gate"].solution()

# %% [markdown] lang="en"
# A third way needs no weights at all: lay the shared copy and the private one side by side (`mix="concat"`) and let the head choose. This is the **shared–private** model. Nothing keeps the two copies from saying the same; a penalty can, $\gamma \sum \lVert S^\top P \rVert^2$ over the features $S$ and $P$ of a sentence (Liu, Qiu & Huang 2017). With it the plan is called *orthogonal* below.
#
# All of this is on one board. Choose for each level how the tasks use it: the picture, the number of parameters and the code follow at once, and `board.plan` is what you see, ready for `build_model` and `train`. Where do the parameters come from, and what does the mixing itself cost?

# %% [markdown] lang="zh"
# 第三种办法连权重都不用：把公用的一份和自己的一份并排放着（`mix="concat"`），让头自己去挑。这就是**共享–私有**（shared–private）模型。没有什么能保证两份说的不是同样的话；加一项惩罚可以：$\gamma \sum \lVert S^\top P \rVert^2$，其中 $S$ 和 $P$ 是一个句子的两份特征（Liu、邱锡鹏、黄萱菁 2017）。加了惩罚的方案，下面叫 orthogonal（正交）。
#
# 这些都在一块板上。为每个层级选一种用法：图、参数个数和代码马上跟着变；看到的方案就是 `board.plan`，可以直接交给 `build_model` 和 `train`。参数是从哪里来的？混合本身又要花多少？

# %%
board = MixingBoard(data, LANGUAGE, units=32, embedding_dim=32)
board

# %% [markdown] lang="en"
# ## 4 · Equal size
#
# Soft sharing has more copies, and who has more parameters may win for that alone. Papers often leave it at that; we do not. The yardstick is *embedding only* from lesson 04: words shared, two encoders of 32 units for each task. Every other plan gets as many units as bring it to the same number of parameters. That includes *separate*: three tables of words are dear, so there the words, too, are as narrow as the layers above.
#
# **Predict.** With *gates* (one shared and one private copy for each of three tasks, on both encoders): how many units remain? And how many does *wide* get, where all tasks share everything?

# %% [markdown] lang="zh"
# ## 4 · 同样大小
#
# 软共享的副本更多，而参数多的一方，单凭这一点就可能赢。论文往往到此为止，我们不。标尺是第 04 课的“只共享嵌入层”：共享嵌入层，每个任务有两个 32 单元的编码器。其他方案都调整单元数，直到参数个数相同。“互不共享”（separate）也一样：三张词表很贵，所以那里的词向量也和上面的层一样窄。
#
# **先预测。** “门控”方案（两个编码器上，三个任务除公用的一份外各有一份自己的）还剩多少单元？什么都共享的“加宽”方案又能有多少？

# %%
units = lesson.predict_first(gates=..., wide=...)
units

# %%
sizes = {plan: [units_of(plan, "zh"), size(plan, "zh", units_of(plan, "zh"))] for plan in PLANS}
units.compare(gates=sizes["gates"][0], wide=sizes["wide"][0])

# %%
pd.DataFrame(sizes, index=["units | 单元数", "parameters | 参数"]).T

# %% [markdown] lang="en"
# The stitches themselves cost next to nothing: nine numbers a level. What costs is the copies.
#
# ### Exercise 3 · `same_size`
#
# `count(units)` gives the number of parameters of some plan; more units, more parameters. Write `same_size(count, wanted)`: the number of units (below 200) whose count comes nearest to `wanted`.

# %% [markdown] lang="zh"
# 十字绣单元本身几乎不花什么：每个层级九个数。花钱的是副本。
#
# ### 练习 3 · `same_size`
#
# `count(units)` 给出某个方案的参数个数；单元越多，参数越多。请写出 `same_size(count, wanted)`：参数个数最接近 `wanted` 的单元数（200 以内）。


# %% tags=["exercise"] exercise="same_size"
def same_size(count, wanted):
    return ...


# %%
lesson["same_size"].check(same_size)
# lesson["same_size"].hint()
# lesson["same_size"].solution()

# %% [markdown] lang="en"
# ## 5 · Seven plans, five seeds
#
# The table of finished runs holds each of the seven plans five times: `person` with 60 labeled sentences, `relation` and `sentiment` with 2,000; 2,400 steps of 32 sentences, one learning rate for all. We look at the Chinese corpus first, in either notebook.
#
# **Predict.** By how many points do *stitches*, *gates* and *wide* change `person` on validation, compared with *embedding only*?

# %% [markdown] lang="zh"
# ## 5 · 七个方案，五个种子
#
# 已有结果表里，七个方案各训练了五次：`person` 有 60 个带标签的句子，`relation` 和 `sentiment` 各 2000 个；2400 步，每步 32 句，学习率都一样。两种语言的笔记本都先看中文语料。
#
# **先预测。** 和“只共享嵌入层”相比，“十字绣”（stitches）、“门控”（gates）、“加宽”（wide）各使 `person` 在验证集上变化多少个百分点？

# %%
guess = lesson.predict_first(stitches=..., gates=..., wide=...)
guess

# %%
runs = {}
for run in finished.load("10", "zh"):
    runs.setdefault(run.header["model"], []).append(run)


def scores(plan, split="valid", epoch=None, among=None):
    """A row a seed, a column a task, in 0 to 1; at the end or after an epoch. | 一行一个种子，一列一个任务；训练完或某一轮之后。"""
    return pd.DataFrame({
        run.header["seed"]: run.final(split) if epoch is None else {t: run.curve(t)[epoch] for t in TASKS}
        for run in (among or runs)[plan]
    }).T[[*TASKS]]


(100 * pd.DataFrame({plan: scores(plan).mean() for plan in PLANS})).T.round(1)

# %%
OTHERS = [plan for plan in PLANS if plan != "embedding only"]


def compared_with(base, task, plans=None, **which):
    """Paired differences of plans to one of them. | 各方案与其中一个的配对之差。"""
    theirs = scores(base, **which)[task]
    return {p: comparing.paired_difference(scores(p, **which)[task], theirs) for p in plans or OTHERS}


person = comparing.holm(compared_with("embedding only", "person"))
guess.compare(**{plan: person[plan].mean for plan in ("stitches", "gates", "wide")})

# %%
plots.differences(person, language=LANGUAGE)

# %% [markdown] lang="en"
# One of six claims stands: *separate* loses 24 points. Sharing the words is what `person` lives on. (Its narrow layers alone are not the reason: in lesson 04 *separate* was as wide as the other plans, and the words brought more than 20 points there, too.) Whether a mixture, or *wide*, differs from sharing the words alone, five seeds cannot tell. (60 labels, and another 60 for every seed: the five runs of one plan lie 5 to 16 points apart.) The two tasks with 2,000 labels are measured more sharply. Here is where they stood after 600 steps, and where they stand after 2,400:

# %% [markdown] lang="zh"
# 六个结论里，站得住的有一个：“互不共享”少 24 个百分点。`person` 靠的就是共享的词。（不能只怪它的层窄：第 04 课里，“互不共享”和别的方案一样宽，共享的词同样带来 20 个百分点以上。）至于哪种混合，或者“加宽”，和只共享嵌入层有没有差别，五个种子无法判断。（只有 60 个标签，而且每个种子抽的都不是同样的 60 个：同一个方案的五次训练，就相差 5 到 16 个百分点。）另外两个任务各有 2000 个标签，看得更清楚。下面是 600 步和 2400 步之后的情形：

# %%
FULL = ("relation", "sentiment")
early, late = (
    {t: comparing.holm(compared_with("embedding only", t, epoch=epoch)) for t in FULL}
    for epoch in (4, 16)
)
steps = {"600": early, "2400": late}
told = {(task, n): {p: d.in_words(LANGUAGE) for p, d in found[task].items()} for n, found in steps.items() for task in FULL}
pd.DataFrame(told).style

# %%
figure, both = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for axes, task in zip(both, FULL, strict=True):
    for plan in ("embedding only", "stitches", "gates", "wide"):
        curve = pd.concat([run.curve(task) for run in runs[plan]], axis=1).mean(axis=1)
        axes.plot(150 * curve.index, 100 * curve, label=plan)
    axes.set(title=task, xlabel="steps | 步数", ylim=(60, 95))
both[0].set_ylabel("validation, mean of seeds (%) | 验证集，种子平均（%）")
both[1].legend()
plt.show()

# %%
rows = {p: {task: still_climbing(runs[p], task) for task in TASKS} for p in PLANS}
pd.DataFrame(rows).T  # True: still climbing at the last step | True：到最后一步还在上升

# %% [markdown] lang="en"
# *Wide* is hard sharing at the same size. After 600 steps it was far behind: 12 or 13 points of `sentiment`, 9 or 10 of `relation`. Who stops there writes that hard sharing breaks much, that stitches and gates repair about half of it or more, and has a paper. After 2,400 steps three points are left in each; their intervals leave out zero, but among six claims they cannot be told. Of what seemed broken, two thirds (`relation`) or three quarters (`sentiment`) were only *slow*. Nearly all curves have flattened by now, the last table says which have not; *wide* itself has gained another point of `relation` on average in the last quarter.
#
# What remains? *Gates* lose two points of `relation`, and that stands. Because their layers are narrower, 26 units beside 32? That cannot be all: *shared-private* has 21, and no such loss. *Stitches*, *shared-private* and *orthogonal* lie within a point of *embedding only* in both tasks, and the intervals say that it is hardly more than two or three. For `person` the three are ahead on average, by two to four points, and cannot be told. So nowhere does a learned mixture beat the plain plan beyond doubt, and nowhere, gates aside, does it lose to it. (*Orthogonal* beside *shared-private*: cannot tell, in any task.) That is a negative result, and it stays.
#
# Papers mostly compare with hard sharing. So let us, for the three ways to mix and for all tasks, nine claims:

# %% [markdown] lang="zh"
# “加宽”就是同样大小的硬共享。600 步之后，它远远落后：`sentiment` 十二三个百分点，`relation` 九到十个。谁在这里停下，就会写：硬共享弄坏了很多，十字绣和门控修好了大约一半，甚至更多，一篇论文就有了。到 2400 步，两个任务各剩三个百分点；区间都没有碰到零，但在六个结论里已无法判断。看似弄坏了的，三分之二（`relation`）到四分之三（`sentiment`）不过是**慢**。到这时，曲线几乎都平了，还没平的见最后一张表；“加宽”自己的 `relation`，最后四分之一里平均又升了一个百分点。
#
# 还剩下什么？“门控”的 `relation` 低两个百分点，这一个站得住。是因为它的层更窄（26 个单元，而不是 32 个）吗？不能全怪这个：“共享–私有”只有 21 个，却没有这样的损失。“十字绣”“共享–私有”和“正交”，在这两个任务上和“只共享嵌入层”相差不到一个百分点，区间说明，顶多两三个。在 `person` 上，这三种平均高二到四个百分点，无法判断。所以，学来的混合没有一处能断定胜过朴素的方案；除了门控，也没有一处能断定输给它。（“正交”和“共享–私有”比，每个任务都无法判断。）这是一个负面结果，就让它留在这里。
#
# 论文大多拿硬共享来比。我们也比一比：三种混合，三个任务，九个结论：

# %%
MIXED = ("stitches", "gates", "shared-private")


def over_wide(**which):
    """What each mixture gains over hard sharing of equal size. | 各种混合比同样大小的硬共享高多少。"""
    rows = {f"{t}: {p}": d for t in TASKS for p, d in compared_with("wide", t, MIXED, **which).items()}
    return comparing.holm(rows)


over_hard = over_wide()
plots.differences(over_hard, language=LANGUAGE)

# %% [markdown] lang="en"
# All nine are above zero on average, and one stands: stitches gain eight points of `person`. But better than *what*? *Embedding only*, which mixes nothing, is five points ahead of *wide* as well, and three in the two other tasks. So "soft sharing beats hard sharing" has something to it, for the task with few labels, and most of it is had by sharing less; "soft sharing beats sharing the words alone" has nothing to it in these runs.
#
# ### In English
#
# The same seven plans on the English corpus, first beside *embedding only*, then beside *wide*:

# %% [markdown] lang="zh"
# 九个平均都在零以上，站得住的有一个：十字绣的 `person` 高八个百分点。可是要问：**比什么好？** “只共享嵌入层”什么也不混合，`person` 平均也比“加宽”高五个百分点，另外两个任务各高三个。所以“软共享胜过硬共享”，对标签少的任务来说不无道理，但大半只要少共享几层就能得到；“软共享胜过只共享嵌入层”，在这些训练里没有根据。
#
# ### 换成英文
#
# 同样七个方案，换成英文语料，先和“只共享嵌入层”比，再和“加宽”比：

# %%
english = {}
for run in finished.load("10", "en"):
    english.setdefault(run.header["model"], []).append(run)
there = {
    t: comparing.holm(compared_with("embedding only", t, among=english)) for t in TASKS
}
told = {task: {p: d.in_words(LANGUAGE) for p, d in found.items()} for task, found in there.items()}
pd.DataFrame(told).style

# %%
plots.differences(over_wide(among=english), language=LANGUAGE)

# %% [markdown] lang="en"
# Much the same. *Separate* loses 28 points of `person`, and two or three of `sentiment`; no mixture can be told from *embedding only*, except that *orthogonal* gains eight tenths of a point of `relation`: small, and it stands among its six claims, though not among all 36 of the two corpora. That *gates* lose at `relation`, as in Chinese, is not seen here. Over hard sharing, stitches and shared–private gain 13 or 14 points of `person`, and both stand; *embedding only* is 11 ahead of it, too. And for `person` hard sharing is not merely slow: on average it was five or six points behind *embedding only* after 600 steps, and after 2,400 it is five behind in Chinese, 11 in English.
#
# ## 6 · What have they learned?
#
# A soft plan has one thing that no hard plan has: afterwards it can be asked. We train the stitched model once, 300 steps, here and now, and draw its two matrices.
#
# **Predict.** Row `person`, level `encoder_2`: which of the three numbers is largest, and is the one for `relation` above or below 0.05, where it started?

# %% [markdown] lang="zh"
# 情形差不多。“互不共享”的 `person` 少 28 个百分点，`sentiment` 少两三个；没有一种混合能断定和“只共享嵌入层”有差别，只有一处例外：“正交”的 `relation` 高 0.8 个百分点，虽小，在它那六个结论里站得住，放到两种语料的全部 36 个里就站不住了。在中文里，“门控”的 `relation` 低两个百分点，换成英文却没有看到。和硬共享比，十字绣和共享–私有的 `person` 高十三四个百分点，两个都站得住；不过“只共享嵌入层”也比它高 11 个。而且对 `person` 来说，硬共享不只是慢：和“只共享嵌入层”比，600 步时平均落后五六个百分点，到 2400 步，中文仍落后五个，英文落后 11 个。
#
# ## 6 · 它们学到了什么？
#
# 软共享的方案有一样硬共享没有的好处：训练完可以问它。我们把带十字绣单元的模型当场训练一次，300 步，再画出它的两个矩阵。
#
# **先预测。** `encoder_2` 那一层、`person` 那一行：三个数里哪个最大？`relation` 那个数从 0.05 开始，会升还是会降？

# %%
alphas = lesson.predict_first(person=..., relation=...)
alphas

# %%
SHORT = {"epochs": 3, "steps_per_epoch": 100, "learning_rate": 3e-3, "progress": False}
model = build_model(data, PLANS["stitches"], units=32, embedding_dim=32)
run = train(model, data, **SHORT)
learned = {
    level: np.stack([model.get_layer(f"{level}.stitch-{t}").alpha.numpy() for t in TASKS])
    for level in ("encoder_1", "encoder_2")
}
alphas.compare(person=learned["encoder_2"][0, 0], relation=learned["encoder_2"][0, 1])


# %%
def heat(axes, matrix, columns, title):
    """Draw a small matrix with its numbers. | 画一个小矩阵，并写上数字。"""
    axes.imshow(matrix, cmap="RdBu", vmin=-1, vmax=1)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(TASKS)), TASKS)
    axes.set_title(title)
    for (row, column), value in np.ndenumerate(matrix):
        ink = "white" if abs(value) > 0.6 else "black"
        axes.text(column, row, f"{value:.2f}", ha="center", va="center", color=ink)


figure, both = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
for axes, (level, matrix) in zip(both, learned.items(), strict=True):
    heat(axes, matrix, TASKS, level)

# %% [markdown] lang="en"
# A row is a task, a column is the copy it takes from. The off-diagonal numbers are the answer that the network gave to "how much shall I share?". Before you read anything into a single number: a copy can be scaled up by its own weights and down by the stitch, and nothing is changed. Only a column of zeros is unambiguous.
#
# Gates can be asked too: mean share of the shared copy, over all real tokens of the validation sentences.

# %% [markdown] lang="zh"
# 一行是一个任务，一列是它取自哪一份。对角线以外的数，就是网络对“该共享多少”的回答。不过先别从单个数里读出太多：一份的输出可以被它自己的权重放大，再被十字绣单元缩小，结果什么也没变。只有整列是零，才没有歧义。
#
# 门控也可以问：在验证集的全部真实词元上，公用的那一份平均占多少。

# %%
gated = build_model(data, PLANS["gates"], units=sizes["gates"][0], embedding_dim=32)
run = train(gated, data, **SHORT)
real = some != 0  # padding left out | 不算补齐


def shares(level, task):
    """Mean share of each of a task's copies. | 一个任务的各份平均占多少。"""
    layer = gated.get_layer(f"{level}.gate-{task}")
    below = keras.Model(gated.input, layer.input[0])(some)
    return layer.shares(below).numpy()[real].mean(axis=0)


# %%
rows = {}
for task in TASKS:
    groups = [group for _, group in gated.plan.copies("encoder_1", task)]
    common = groups.index(TASKS)
    rows[task] = {lev: shares(lev, task)[common] for lev in ("encoder_1", "encoder_2")}
pd.DataFrame(rows).T.round(2)

# %% [markdown] lang="en"
# Half and half is where a gate starts; what it moves away from that is learned. Here `person`, with its 60 labels, goes on taking about half from the shared copy, while the two tasks with 2,000 labels take a third or less and live on their own. Whoever has little to learn from leans on what others have learned. (One training, one seed: an observation, not yet a finding.)
#
# ## 7 · A task that must not be seen
#
# So far every head wanted its information to be in the trunk. An **adversary** wants the contrary: its head tries hard to read its label from the shared features, and the trunk learns to make that impossible. One sign does it, the *gradient reversal* of Ganin & Lempitsky (2015): on the way up nothing happens, on the way down the gradient is multiplied by −1. Liu, Qiu & Huang (2017) put such an adversary on the shared part of a shared–private model, so that what is private stays out of it, and add a penalty for copies that say the same (in the package: `build_model(..., orthogonality=0.01)`).
#
# **Predict.** Two plans, alike but for `reverse=["sentiment"]`. What is the gradient of the loss of `sentiment` at the embedding, divided by that of the plan without? And at the head?

# %% [markdown] lang="zh"
# 门控的起点是各占一半；离开一半的部分，才是学来的。这里，只有 60 个标签的 `person` 仍有一半左右取自公用的那份，有 2000 个标签的两个任务只取三分之一或更少，主要靠自己的。自己可学的越少，越要靠别人学到的。（只是一次训练、一个种子：这是观察到的现象，还不是结论。）
#
# ## 7 · 不许被看见的任务
#
# 到现在为止，每个头都希望主干里有自己要的信息。**对抗任务**（adversary）则相反：它的头拼命想从公用的特征里读出标签，主干却学着让它读不出来。只要改一个正负号，这就是 Ganin 和 Lempitsky（2015）的**梯度反转**（gradient reversal）：往上走时什么也不做，往下走时梯度乘以 −1。Liu、邱锡鹏、黄萱菁（2017）把这样的对抗任务放在共享–私有模型的公用部分上，让私有的东西不混进来；再加一项惩罚，让公用和私有的副本不要说同样的话（在包里是 `build_model(..., orthogonality=0.01)`）。
#
# **先预测。** 两个方案，只差 `reverse=["sentiment"]`。`sentiment` 的损失传到嵌入层的梯度，是没有反转时的多少倍？传到头的呢？

# %%
turned = lesson.predict_first(embedding=..., head=...)
turned

# %%
hard = SharingPlan.hard(TASKS)
plans = [hard, SharingPlan(hard.as_dict(), reverse=["sentiment"])]
batch = {task: tf.constant(y[:100]) for task, y in data["valid"].targets.items()}


def gradients(plan):
    """Of the loss of `sentiment`, at the embedding and at its head. | `sentiment` 的损失，在嵌入层和头上。"""
    net = build_model(data, plan, dropout=0.0, **tiny)
    layers = [net.shared_layer("embedding", "sentiment"), net.get_layer("sentiment_head")]
    with tf.GradientTape() as tape:
        loss = net.losses_by_task(batch, net(some, training=True))["sentiment"]
    found = tape.gradient(loss, [layer.trainable_variables[0] for layer in layers])
    return [tf.convert_to_tensor(gradient).numpy() for gradient in found]


plain, against = map(gradients, plans)
ratio = [(a * p).sum() / (p * p).sum() for a, p in zip(against, plain, strict=True)]
turned.compare(embedding=ratio[0], head=ratio[1])

# %%
plots.sharing_diagram(plans[1], language=LANGUAGE)

# %% [markdown] lang="en"
# The head learns as ever, the trunk runs away from it. Whether that helps the other tasks is a question for an experiment of its own: this table has no such run. (An idea for a project: reverse `sentiment` in *wide*, weigh its loss with 0.05, and compare as in section 5. In Liu, Qiu & Huang the adversary guesses from which task a sentence comes; here all tasks have the same sentences, so there is nothing to guess.)
#
# ## 8 · The test part, once
#
# Which plan would you choose after section 5? Write it into the cell, then run the next.

# %% [markdown] lang="zh"
# 头照常学习，主干却躲着它。这样对别的任务有没有好处，要另做实验才知道：这张表里没有这样的训练。（可以当作一个小项目：在“加宽”方案里反转 `sentiment`，损失的权重设为 0.05，再照第 5 节那样比较。在 Liu、邱锡鹏、黄萱菁那里，对抗任务猜的是句子来自哪个任务；这里各任务的句子都一样，没有什么可猜。）
#
# ## 8 · 测试集，只用一次
#
# 看过第 5 节，你会选哪个方案？先写进单元格，再运行下一格。

# %%
chosen = "stitches"

# %%
for task in TASKS:
    picked, usual = (scores(plan, "test")[task] for plan in (chosen, "embedding only"))
    print(task, comparing.paired_difference(picked, usual).in_words(LANGUAGE))

# %% [markdown] lang="en"
# With stitches, and as well with *shared-private* or *orthogonal*, no task is beyond chance on test. How to report it: "At equal size, and after 2,400 steps, we cannot tell stitches, or a private copy beside a shared one, from sharing the words alone, neither for the task with 60 labels nor for those with 2,000; gates were two points worse at `relation` on validation. *Separate* of the same size loses 25 points of the task with 60."
#
# ## In five lines
#
# 1. A stitch mixes the copies of a layer by a learned matrix; the identity is *separate*, equal numbers are *shared*.
# 2. A gate does the same word by word, with shares that sum to one; side by side leaves the choice to the head.
# 3. Soft sharing costs copies, not stitches; so compare at equal parameters, or you compare sizes.
# 4. For the tasks with 2,000 labels, most of what hard sharing seemed to break was slowness. For the one with 60, soft sharing is ahead of it even after 2,400 steps; but so is sharing the words alone, and no mixture can be told to be better than that, but for a fraction of a point in one place.
# 5. Gradient reversal makes a head an adversary: it learns, and the trunk unlearns.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | soft sharing | tasks have copies of their own, and what they share is learned |
# | cross-stitch unit | each task goes on with a learned combination of all copies of a layer |
# | gate | weights of the copies, computed for each token, that sum to one |
# | shared–private | a copy for all beside one of each task's own |
# | adversary | a task whose gradient enters the trunk with its sign turned |
# | gradient reversal | the layer that turns it |
#
# ## Further reading
#
# - I. Misra, A. Shrivastava, A. Gupta, M. Hebert: *Cross-stitch Networks for Multi-task Learning*. CVPR (2016), 3994–4003.
# - J. Ma, Z. Zhao, X. Yi, J. Chen, L. Hong, E. Chi: *Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts*. KDD (2018), 1930–1939.
# - H. Tang, J. Liu, M. Zhao, X. Gong: *Progressive Layered Extraction (PLE)*. RecSys (2020), 269–278. Gates with copies of one's own.
# - P. Liu, X. Qiu, X. Huang: *Adversarial Multi-task Learning for Text Classification*. ACL (2017), 1–10.
# - Y. Ganin, V. Lempitsky: *Unsupervised Domain Adaptation by Backpropagation*. ICML (2015), 1180–1189.
# - S. Ruder, J. Bingel, I. Augenstein, A. Søgaard: *Latent Multi-task Architecture Learning*. AAAI (2019), 4822–4829. Stitches within a layer and between layers at once.
#
# Next: **lesson 11**, can a language model be a task?

# %% [markdown] lang="zh"
# 选“十字绣”，或者“共享–私有”“正交”，测试集上没有一个任务的差别能断定不是偶然。写报告时可以这样写：“在同样大小下训练 2400 步，十字绣、共享–私有和只共享嵌入层之间无法判断，不论是只有 60 个标签的任务，还是有 2000 个的；门控在验证集上，`relation` 低两个百分点。同样大小而互不共享，则只有 60 个标签的任务少 25 个百分点。”
#
# ## 五句话小结
#
# 1. 十字绣单元用学来的矩阵混合一层的各份；单位矩阵就是互不共享，处处相等就是共享。
# 2. 门控逐词来做同样的事，各份的比例加起来是 1；并排放着则让头自己去挑。
# 3. 软共享费的是副本，不是十字绣单元；所以要在同样的参数个数下比较，否则比的是大小。
# 4. 在有 2000 个标签的任务上，硬共享看似弄坏的，多半只是慢。在只有 60 个标签的任务上，到了 2400 步，软共享仍领先于硬共享；可是只共享嵌入层也领先，而和它相比，除了一处不到一个百分点的，没有一种混合能断定更好。
# 5. 梯度反转把一个头变成对抗任务：它在学，主干在忘。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 软共享（soft sharing） | 各任务有自己的一份，共享多少由学习决定 |
# | 十字绣单元（cross-stitch unit） | 每个任务接着用一层各份的组合，组合的系数是学来的 |
# | 门控（gate） | 为每个词元算出的各份的权重，加起来是 1 |
# | 共享–私有（shared–private） | 大家公用一份，每个任务另有自己的一份 |
# | 对抗任务（adversary） | 梯度进入主干时变号的任务 |
# | 梯度反转（gradient reversal） | 让梯度变号的那一层 |
#
# ## 延伸阅读
#
# - I. Misra, A. Shrivastava, A. Gupta, M. Hebert: *Cross-stitch Networks for Multi-task Learning*. CVPR (2016), 3994–4003.
# - J. Ma, Z. Zhao, X. Yi, J. Chen, L. Hong, E. Chi: *Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts*. KDD (2018), 1930–1939.
# - H. Tang, J. Liu, M. Zhao, X. Gong: *Progressive Layered Extraction (PLE)*. RecSys (2020), 269–278. 除公用的以外，各任务另有自己的专家。
# - P. Liu, X. Qiu, X. Huang: *Adversarial Multi-task Learning for Text Classification*. ACL (2017), 1–10.
# - Y. Ganin, V. Lempitsky: *Unsupervised Domain Adaptation by Backpropagation*. ICML (2015), 1180–1189.
# - S. Ruder, J. Bingel, I. Augenstein, A. Søgaard: *Latent Multi-task Architecture Learning*. AAAI (2019), 4822–4829. 层内和层间同时学习怎样共享。
#
# 下一课：**第 11 课**，语言模型也能当一个任务吗？
