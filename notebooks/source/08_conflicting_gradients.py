# %% [markdown] lang="en"
# # Lesson 08 · Conflicting gradients
#
# **What if two tasks pull a layer apart?**
#
# After this lesson you can
#
# 1. draw two gradients on paper, and say where PCGrad, MGDA and IMTL-G go from there;
# 2. read a map of the gradients of a real trunk, and tell a conflict from noise;
# 3. say what such a method costs, what it brought here beside weights set by hand, and when it is worth that.
#
# *Reading: 45 minutes. Exercises: 35 minutes. All cells together run in under 60 seconds and need less than 1.1 GB of memory.
# It builds on lesson 03 (gradients of a shared layer) and lesson 07 (loudness, weights by hand, the front).*

# %% [markdown] lang="zh"
# # 第 08 课 · 相互冲突的梯度
#
# **两个任务把一层往两边拉，怎么办？**
#
# 学完本课，你能够
#
# 1. 在纸上画两个梯度，说出 PCGrad、MGDA、IMTL-G 从那里往哪里走；
# 2. 读懂一条真实主干的梯度图，分清冲突和噪声；
# 3. 说出这类方法花多少时间，在这里和手设权重相比带来了什么，什么时候值得一用。
#
# *阅读约 45 分钟，练习约 35 分钟。全部单元格运行不到 60 秒，内存不到 1.1 GB。
# 需要先学第 03 课（共享层的梯度）和第 07 课（响度、手设权重、前沿）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import time
import timeit
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import tensorflow as tf

from mtl_tutorial import build_model, exercises, plots
from mtl_tutorial.combining import COMBINERS
from mtl_tutorial.comparing import holm, paired_difference
from mtl_tutorial.lab.settings import TASKS
from mtl_tutorial.lessons import finished, lesson_08
from mtl_tutorial.lessons.lesson_07 import BY_HAND, HAND, at_each_rate, judged, setting
from mtl_tutorial.pipeline import batches

lesson = exercises.lesson("08", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · Two gradients on paper
#
# A shared layer has thousands of parameters; imagine it had two. Task $a$ would like them to change by $a$, task $b$ by $b$ (both already turned downhill). One step has to do for both, along some $d$. To the first order the loss of a task falls by $d \cdot a$ or $d \cdot b$: positive is good.
#
# Take $a = (3, 0)$, a loud task, and $b = (-1, 1)$, a quiet one. The two **conflict**: $a \cdot b < 0$.
#
# **Predict.** The plain sum goes along $a + b$. By how much does that bring each task down, $d \cdot a$ and $d \cdot b$? Draw it before you count.

# %% [markdown] lang="zh"
# ## 1 · 纸上的两个梯度
#
# 一个共享的层有成千上万个参数；设想它只有两个。任务 $a$ 希望它们改变 $a$，任务 $b$ 希望改变 $b$（都已朝下坡方向）。一步要走给两个任务，方向是某个 $d$。一阶近似下，任务的损失下降 $d \cdot a$ 或 $d \cdot b$：正的是好事。
#
# 取 $a = (3, 0)$，一个嗓门大的任务；$b = (-1, 1)$，一个安静的。两者**冲突**（conflict）：$a \cdot b < 0$。
#
# **先预测。** 简单相加沿 $a + b$ 走。它让每个任务各下降多少，也就是 $d \cdot a$ 和 $d \cdot b$？先画图，再计算。

# %%
paper = lesson.predict_first(a=..., b=...)
paper

# %%
a, b = np.array([3.0, 0.0]), np.array([-1.0, 1.0])
d = a + b
paper.compare(a=d @ a, b=d @ b)

# %% [markdown] lang="en"
# A step for both that makes $b$ worse. Such a step need not be wrong: the sum of the two losses falls faster this way than any other. But who has decided that the sum is what we want? There are three well-known other answers. You will write each of them, for two tasks, in two dimensions or two million: nothing below counts the dimensions.
#
# ### Exercise 1 · `project`: PCGrad
#
# Yu et al. (2020): if the two conflict, take from each gradient the part that goes against the other, then add up. $a' = a - \frac{a \cdot b}{b \cdot b}\, b$, and $b'$ likewise along the *original* $a$. `project(a, b)` gives $d$.

# %% [markdown] lang="zh"
# 这一步是为两个任务走的，却让 $b$ 更差。这样的一步不一定错：两个损失之和，沿这个方向下降最快。可谁说过我们要的就是这个和？另有三种有名的答案。三种都由你来写，只写两个任务的情形；二维也好，二百万维也好，下面没有一处数过维数。
#
# ### 练习 1 · `project`：PCGrad
#
# Yu 等（2020）：如果两者冲突，就从每个梯度里去掉与另一个作对的部分，再相加。$a' = a - \frac{a \cdot b}{b \cdot b}\, b$；$b'$ 同样，是对**原来的** $a$。`project(a, b)` 返回 $d$。


# %% tags=["exercise"] exercise="project"
def project(a, b):
    return ...


# %%
lesson["project"].check(project)
# lesson["project"].hint()
# lesson["project"].solution()

# %% [markdown] lang="en"
# ### Exercise 2 · `shortest`: MGDA
#
# Désidéri (2012), for neural networks Sener & Koltun (2018): of all averages $w a + (1 - w) b$ with $0 \le w \le 1$, take the shortest. If it is not zero, both losses fall along it. `shortest(a, b)` gives $d$.

# %% [markdown] lang="zh"
# ### 练习 2 · `shortest`：MGDA
#
# Désidéri（2012），用于神经网络的是 Sener 和 Koltun（2018）：在所有平均 $w a + (1 - w) b$（$0 \le w \le 1$）当中，取最短的。只要它不是零，沿着它走，两个损失都下降。`shortest(a, b)` 返回 $d$。


# %% tags=["exercise"] exercise="shortest"
def shortest(a, b):
    return ...


# %%
lesson["shortest"].check(shortest)
# lesson["shortest"].hint()
# lesson["shortest"].solution()

# %% [markdown] lang="en"
# ### Exercise 3 · `impartial`: IMTL-G
#
# Liu et al. (2021): go equally far along both directions, however long they are, $d \cdot a / |a| = d \cdot b / |b|$, with weights that add up to 1. `impartial(a, b)` gives $d$.

# %% [markdown] lang="zh"
# ### 练习 3 · `impartial`：IMTL-G
#
# Liu 等（2021）：不管两个梯度有多长，沿两个方向走得一样远，$d \cdot a / |a| = d \cdot b / |b|$，权重相加为 1。`impartial(a, b)` 返回 $d$。


# %% tags=["exercise"] exercise="impartial"
def impartial(a, b):
    return ...


# %%
lesson["impartial"].check(impartial)
# lesson["impartial"].hint()
# lesson["impartial"].solution()

# %% [markdown] lang="en"
# All four in one picture, for three pairs. (It is drawn by the package's combiners, so that it shows the right answers in any case; for two tasks they are what you have written.) The shaded corner holds the directions along which *both* losses fall.

# %% [markdown] lang="zh"
# 四种答案画在一起，三对梯度各一张。（图是用包里的**合并方法**（combiner）画的，所以无论如何都是对的；两个任务时，它们就是你写的那几种。）阴影里是**两个**损失都下降的方向。

# %%
STYLES = {"equal": "#333333", "pcgrad": "#009E73", "mgda": "#D55E00", "imtl_g": "#0072B2"}


def direction(name, rows):
    """Where a combiner goes: a gradient a row. | 一种合并方法往哪里走；一行一个梯度。"""
    rows = np.asarray(rows, "float32")
    return COMBINERS[name](tf.constant(rows @ rows.T)).numpy() @ rows


# %%
def on_paper(axes, a, b):
    """Two gradients and four answers to them. | 两个梯度，四种答案。"""
    x, y = np.meshgrid(np.linspace(-1.5, 4.2, 300), np.linspace(-1, 4, 300))
    both = (x * a[0] + y * a[1] > 0) & (x * b[0] + y * b[1] > 0)
    axes.contourf(x, y, both, levels=[0.5, 1], colors=["#EEEEEE"])
    for name, vector in {"a": a, "b": b}.items():
        axes.annotate("", vector, (0, 0), arrowprops={"arrowstyle": "->", "color": "#AAAAAA", "lw": 5})
        axes.text(*(1.15 * vector), name, color="#777777")
    for width, (name, color) in zip((4, 1.8, 1.8, 1.8), STYLES.items(), strict=True):
        arrow = {"arrowstyle": "->", "color": color, "lw": width, "alpha": 0.8}
        axes.annotate("", direction(name, [a, b]), (0, 0), arrowprops=arrow)
        axes.plot([], [], color=color, label=name)
    axes.set(xlim=(-1.5, 4.2), ylim=(-1, 4), aspect="equal", xticks=[], yticks=[])


# %%
pairs = [((3, 0), (-1, 1)), ((3, 0), (0.2, 0.8)), ((2, 1), (1.2, 2.4))]
_, charts = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
for axes, (first, second) in zip(charts, pairs, strict=True):
    on_paper(axes, np.array(first, float), np.array(second, float))
charts[0].legend(loc="upper right", fontsize=7, frameon=False)
plt.show()

# %% [markdown] lang="en"
# Look at the lengths as well. In the second picture the gradients do not conflict; PCGrad is then the plain sum. MGDA is never longer than the shortest gradient. IMTL-G points into the middle of the angle. So before anybody says "direction", the three differ in how *long* a step is, and a comparison at one learning rate compares that, too. (Adam takes a constant factor out of it, not one that changes from step to step.)
#
# ## 2 · Three tasks and more
#
# None of these methods needs the gradients themselves. All they read is how they lie to one another: the **Gramian** $G_{ij} = g_i \cdot g_j$, a table of four by four numbers for our four tasks, however large the trunk. From it each computes weights, and $d = \sum_t w_t g_t$.
#
# With a third task some promises break. Here are three gradients, and what is left of the promise that nobody is harmed:

# %% [markdown] lang="zh"
# 长度也要看。第二张图里两个梯度不冲突，这时 PCGrad 就是简单相加。MGDA 绝不会比最短的梯度更长。IMTL-G 指向夹角正中。所以，还没谈到“方向”，三者一步的**长度**就已经不同；在同一个学习率下比较，比的也包括这一点。（Adam 会把固定的倍数消掉，每一步都在变的倍数则消不掉。）
#
# ## 2 · 三个任务，或者更多
#
# 这些方法都不需要梯度本身，只需要知道它们彼此的位置：**Gram 矩阵**（Gramian）$G_{ij} = g_i \cdot g_j$。我们有四个任务，主干再大，它也只是一张 4 × 4 的表。每种方法由它算出权重，$d = \sum_t w_t g_t$。
#
# 有了第三个任务，有些保证就不成立了。下面是三个梯度，看看“谁也不受害”还剩下多少：

# %%
three = np.array([[3.0, 0.0, 0.5], [-1.0, 1.0, 0.0], [-1.0, -1.5, 0.2]])
outcome = {name: three @ direction(name, three) for name in (*STYLES, "cagrad", "upgrad", "nash_mtl")}
pd.DataFrame(outcome, index=["d · a", "d · b", "d · c"]).T.round(2)

# %%
drawn = [three @ direction("pcgrad", three) for _ in range(20)]
print(len(np.unique(np.round(drawn, 4), axis=0)), (np.min(drawn, axis=0)).round(2))

# %% [markdown] lang="en"
# A number below zero is a task that this step makes worse. PCGrad projects in a random order (as its authors say it should), so with three tasks it has several answers to one question; the second cell asks it twenty times, counts the different ones and shows the worst that each task got.
#
# ## 3 · The real trunk
#
# On paper we chose the angles. What are they in a real trunk? Here is one, trained for 200 steps with the plain sum. A batch, the loss of each task, and its gradient along one shared layer:

# %% [markdown] lang="zh"
# 小于零，就是这一步让那个任务更差。PCGrad 按随机次序投影（作者就是这样规定的），所以有三个任务时，同一个问题它有好几个答案；第二个单元格问它二十次，数一数有几种答案，并给出每个任务遇到的最坏情形。
#
# ## 3 · 真实的主干
#
# 纸上的角度是我们自己定的。真实的主干里是多少？下面这条用简单相加训练了 200 步。取一个批次，算出每个任务的损失，以及它沿一个共享层的梯度：

# %%
experiment = setting("sum", seed=0, epochs=1)
data = experiment.data()
model = build_model(data, architecture=experiment)
model.compile()
model.fit(batches(data["train"], TASKS, 32, seed=0, steps=200), epochs=1, shuffle=False, verbose=0)


# %%
def gradients(batch, level="encoder_2"):
    """Task → its gradient along a shared layer, as one long vector. | 任务 → 它沿一个共享层的梯度，排成一个长向量。"""
    inputs, targets = batch
    layer = model.shared_layer(level, "ner")
    with tf.GradientTape(persistent=True) as tape:
        losses = model.losses_by_task(targets, model(inputs))
    along = [v.value for v in layer.trainable_variables]
    rows = {task: tape.gradient(loss, along) for task, loss in losses.items()}
    return {task: np.concatenate([np.ravel(part) for part in row]) for task, row in rows.items()}


def cosine(one, other):
    return one @ other / (np.linalg.norm(one) * np.linalg.norm(other))


# %%
stream = batches(data["train"], TASKS, 64, seed=1, steps=12, sampling="temperature")
measured = [gradients(batch) for batch in stream]
between = pd.DataFrame({
    one: {other: np.mean([cosine(g[one], g[other]) for g in measured]) for other in TASKS}
    for one in TASKS
})
between.round(2)

# %% [markdown] lang="en"
# Is a cosine of −0.1 a conflict? Ask what else could explain it. Each of these gradients comes from 64 sentences; another 64 would have given another one. So measure how well a task agrees with **itself** on other sentences.
#
# **Predict.** The cosine of the gradients of *the same* task on two different batches, on average over the four tasks.

# %% [markdown] lang="zh"
# 余弦 −0.1 算不算冲突？先问问还有什么能解释它。每个梯度都来自 64 个句子；换 64 个句子，就是另一个梯度。所以要量一量：一个任务换了句子，和**自己**能有多一致。
#
# **先预测。** **同一个**任务在两个不同批次上的梯度，余弦是多少（四个任务取平均）？

# %%
itself = lesson.predict_first(cosine=...)
itself

# %%
own = {t: np.mean([cosine(g[t], h[t]) for g, h in pairwise(measured)]) for t in TASKS}
itself.compare(cosine=np.mean(list(own.values())))

# %%
cosines = pd.Series({f"{x} + {y}": between.loc[x, y] for i, x in enumerate(TASKS) for y in TASKS[i + 1 :]})
_, axes = plt.subplots(figsize=(7, 3), layout="constrained")
axes.barh(list(own), list(own.values()), color=[plots.task_color(t) for t in own])
axes.barh(cosines.index, cosines, color="#AAAAAA")
axes.axvline(0, color="#333333", linewidth=0.8)
axes.set_xlabel(
    "cosine; colored: a task with itself on other sentences | 余弦；彩色：一个任务与换了句子的自己"
)
plt.show()

# %% [markdown] lang="en"
# `ner` speaks with one voice: on other sentences it wants the same. The three others do not even agree with *themselves*: their own cosines are about as near to zero as those between different tasks. Where a task pulls one way in this batch and another way in the next, a cosine of −0.1 to somebody else is no quarrel, it is noise; and in a space of thousands of dimensions two directions that have nothing to do with each other are at right angles, nearly always.
#
# Now the whole training. The runs of the plain sum in lesson 07 were recorded: in every twentieth step, on every shared level, the cosines of all pairs and the length of each task's gradient.
#
# **Predict.** On which level do tasks conflict most: the words, the first encoder, the second?

# %% [markdown] lang="zh"
# `ner` 口径一致：换一批句子，它要的还是那些。另外三个任务连和**自己**都谈不上一致：它们与自己的余弦，和不同任务之间的余弦差不多，都在零附近。一个任务这一批往东、下一批往西，那么它和别人的余弦是 −0.1，算不上争吵，只是噪声；何况在几千维的空间里，两个毫不相干的方向几乎总是垂直的。
#
# 再看整个训练。第 07 课里简单相加的训练是记录过的：每二十步，在每个共享的层级上，量所有两两之间的余弦和每个任务梯度的长度。
#
# **先预测。** 冲突最厉害的是哪个层级：词，第一个编码器，还是第二个？

# %%
runs = {}
for number in ("07", "08"):
    for run in finished.load(number, "zh"):
        runs.setdefault(run.header["model"], []).append(run)
plots.gradient_map(runs["sum"], language=LANGUAGE)

# %%
plots.gradient_map(runs["sum"], "norm", language=LANGUAGE)

# %% [markdown] lang="en"
# Two maps of one training. The first is nearly white: on average over an epoch hardly any pair conflicts, on any level. The darkest cells are those of `ner` with `relation` and `sentiment` at `encoder_1`, in the first epochs, and they fade.
# The second is blue throughout its rows of `person`: its gradient is six to sixteen times as long as that of `ner` (the numbers are powers of 2), on every level, from the second epoch to the last. So before we try any cure, the diagnosis: this trunk does not suffer from *conflict*, it suffers from *loudness*. That lets us predict. PCGrad cures conflicts, and should find little to do. IMTL-G evens out lengths, and might do what the weights by hand did in lesson 07.
#
# ## 4 · On the corpus
#
# The same model, data, seeds, 1,000 steps; only the weights of the gradients on the shared layers are another method's in every step.
#
# **Predict.** What does each gain over the plain sum, in points of `ner`? And which of the four tasks pays most under MGDA?

# %% [markdown] lang="zh"
# 同一次训练，两张图。第一张几乎是白的：一轮平均下来，不论哪个层级，几乎没有哪一对在冲突。颜色最深的是最初几轮 `encoder_1` 上 `ner` 与 `relation`、`sentiment` 的格子，后来也淡了。
# 第二张里，`person` 的几行一路深蓝：它的梯度是 `ner` 的六到十六倍长（格子里是 2 的幂），每个层级都是，从第二轮直到最后。所以，治病之前先下诊断：这条主干得的不是**冲突**，是**响度**。由此可以预测：PCGrad 治的是冲突，应该没有多少事可做；IMTL-G 把长度拉平，也许能做到第 07 课里手设权重做到的事。
#
# ## 4 · 在语料上
#
# 模型、数据、种子都一样，都是 1000 步；不同的只有一样：每一步，共享层上各个梯度的权重由另一种方法决定。
#
# **先预测。** 和简单相加相比，三种方法各让 `ner` 提高多少个百分点？MGDA 之下，四个任务里谁付出的最多？

# %%
guess = lesson.predict_first(pcgrad=..., mgda=..., imtl_g=..., pays=...)
guess


# %%
def scores(group, split="valid"):
    """Scores by seed: a row a seed, a column a task. | 得分：一行一个种子，一列一个任务。"""
    return pd.DataFrame({run.header["seed"]: run.final(split) for run in group}).T


def compare(name, base="sum", split="valid", among=None):
    """Task → difference, seed by seed. | 任务 → 差别，按种子配对。"""
    ours, others = (scores((among or runs)[n], split) for n in (name, base))
    return {task: paired_difference(ours[task], others[task]) for task in TASKS}


found = judged({name: compare(name) for name in ("pcgrad", "mgda", "imtl_g")})
costs = {task: difference.mean for task, difference in found["mgda"].items()}
guess.compare(**{name: found[name]["ner"].mean for name in found}, pays=min(costs, key=costs.get))

# %%
rows = {f"{t}: {n}": all_four[t] for t in TASKS for n, all_four in found.items()}
plots.differences(rows, language=LANGUAGE)

# %%
plots.learning_curves({name: runs[name] for name in ("sum", "imtl_g", HAND)}, language=LANGUAGE)

# %% [markdown] lang="en"
# These are twelve claims, and they are judged together. IMTL-G brings `ner` eleven points. That `person` pays nine for it is what the mean says; among twelve claims it cannot be told. MGDA brings `ner` as much and starves the rest: `person` and `relation` lose more than thirty points each. Exercise 2 has foretold it. The shortest average is never longer than the shortest gradient; `ner` has the shortest; so `ner` decides, and nobody else gets anywhere. (It harms nobody *in the step*. Nor does standing still.)
# And our prediction about PCGrad, that it would find little to do? On average `ner` gains five points, and that cannot be told. So the prediction is neither confirmed nor refuted, and that is an answer, too. If PCGrad does help, a likely reason is that the map shows *means*. In a single step the cosine of two noisy gradients is above or below zero as chance will have it, and whenever it is below, PCGrad takes from the loud one what goes against the quiet one. Where the loud one is ten times as long, a cosine of −0.1 is enough: what is taken away is then as long as the quiet one itself, which counts twice in the end. Section 5 looks whether that has happened.
#
# ## 5 · Against weights set by hand
#
# "Better than the plain sum" is a low bar, as lesson 07 has shown: two weights, set once, took it as well. So the question of this lesson is another: does IMTL-G reach what *no* hand-set weights reach?
#
# Both sides tuned alike, as there: four learning rates, five seeds each, and the rate chosen by the mean of the four validation scores. Beside IMTL-G and the weights by hand stand the plain sum and all other combiners of the package. GradVac (Wang et al. 2021) and UPGrad (Quinton & Rey 2024) mend conflicts, as PCGrad does: UPGrad until no part of the step goes against anybody, GradVac until a pair has the cosine that it has had so far on average. Nash-MTL (Navon et al. 2022), a bargain among the tasks, and Aligned-MTL (Senushkin et al. 2023), which makes the gradients orthogonal and equally long, mend conflicts and even out lengths; between gradients that are at right angles already they do what IMTL-G does, and weigh each by one over its length. Let us call these three a family as well. CAGrad (Liu et al. 2021) stays near the average and looks after whoever is worst off; like MGDA it belongs to neither.
#
# **Predict.** Which of these two families ends near the plain sum, and which near IMTL-G (write `"conflicts"` or `"lengths"`)? And how many points of `ner` lie between IMTL-G and the weights by hand?

# %% [markdown] lang="zh"
# 这里有十二个结论，放在一起判断。IMTL-G 让 `ner` 提高十一个百分点。`person` 为此付出九个，这是平均；在十二个结论当中，无法断定。MGDA 让 `ner` 提高得一样多，却饿坏了其余的：`person` 和 `relation` 各丢了三十多个百分点。练习 2 早就预告了：最短的平均绝不会比最短的梯度更长；最短的是 `ner`；于是由 `ner` 说了算，别人寸步难行。（它在**这一步**里谁也不伤害。站着不动也谁都不伤害。）
# 那么我们对 PCGrad 的预测，说它没有多少事可做呢？平均看来 `ner` 提高五个百分点，但无法断定。所以这个预测既没有被证实，也没有被推翻；这也是一个答案。如果 PCGrad 真有帮助，一个可能的原因是那张图画的是**平均**。单独一步里，两个带噪声的梯度，余弦是正是负全凭运气；每逢它为负，PCGrad 就从嗓门大的那个里去掉与安静的那个作对的部分。嗓门大的长十倍时，余弦 −0.1 就够了：去掉的部分和安静的那个一样长，于是安静的最后算了两份。真是这样吗？第 5 节再看。
#
# ## 5 · 和手设权重比
#
# “比简单相加好”，这个标准太低，第 07 课已经看到：两个权重，定一次，也能做到。所以本课的问题是另一个：IMTL-G 能不能达到**任何**手设权重都达不到的？
#
# 和第 07 课一样，双方同样地调：四种学习率，各五个种子，按四个任务验证得分的平均选学习率。除了 IMTL-G 和手设权重，还有简单相加和包里其余的合并方法。GradVac（Wang 等 2021）和 UPGrad（Quinton 和 Rey 2024）像 PCGrad 一样治冲突：UPGrad 治到这一步里没有哪一部分和谁作对，GradVac 则让每一对的余弦不低于它们一直以来的平均。Nash-MTL（Navon 等 2022）让各任务讨价还价，Aligned-MTL（Senushkin 等 2023）把梯度变得互相垂直、一样长；两者既治冲突，也拉平长度。梯度本来就互相垂直时，它们和 IMTL-G 做的是同一件事：每个梯度除以自己的长度。所以这三种也算一类。CAGrad（Liu 等 2021）不离平均太远，又照顾最吃亏的那个；它和 MGDA 一样，哪一类都不算。
#
# **先预测。** 这两类方法，哪一类最后落在简单相加附近，哪一类落在 IMTL-G 附近（请写 `"conflicts"` 或 `"lengths"`）？IMTL-G 和手设权重，`ner` 相差多少个百分点？

# %%
families = lesson.predict_first(near_the_sum=..., near_imtl_g=..., ner=...)
families

# %%
tried = {name: at_each_rate(runs, name) for name in ("sum", HAND, *lesson_08.COMBINERS)}
by_rate = pd.DataFrame({
    name: {rate: 100 * scores(group).mean(axis=None) for rate, group in groups.items()}
    for name, groups in tried.items()
}).T
best_rate = by_rate.idxmax(axis=1)
tuned = {name: tried[name][rate] for name, rate in best_rate.items()}
by_rate.assign(best=best_rate).round(3)


# %%
against = holm(compare("imtl_g", HAND, among=tuned))
over_sum = {name: compare(name, among=tuned) for name in lesson_08.COMBINERS}
families.compare(near_the_sum="conflicts", near_imtl_g="lengths", ner=against["ner"].mean)

# %%
pd.DataFrame({n: {t: d.mean for t, d in each.items()} for n, each in over_sum.items()}).T.round(1)

# %%
whole = {name: scores(group).mean(axis=1) for name, group in tuned.items()}
overall = holm({n: paired_difference(whole[n], whole["sum"]) for n in (HAND, *lesson_08.COMBINERS)})
plots.differences(overall, language=LANGUAGE)

# %%
plots.differences(against, language=LANGUAGE)

# %%
def chosen(group):
    """Each task's share of the weights, by the median over the recorded run.
    | 各任务在权重中的份额，取有记录的那次训练的中位数。"""
    table = pd.concat([run.table for run in group])
    weights = table[table["metric"] == "weight"].groupby("task")["value"].median()
    return weights / weights.sum()


by_hand = pd.Series({"person": 0.1, "relation": 1.0, "sentiment": 1.0, "ner": 3.0})
shares = {name: chosen(tuned[name]) for name in ("imtl_g", "pcgrad")}
shares["by hand | 手设"] = by_hand / by_hand.sum()
pd.DataFrame(shares).loc[list(TASKS)].round(3)

# %%
shown = {name: tuned.get(name, runs[name]) for name in dict.fromkeys([*BY_HAND, *lesson_08.COMBINERS])}
plots.front(shown, "person", "ner", line=BY_HAND, language=LANGUAGE)

# %% [markdown] lang="en"
# The diagnosis of section 3 sorts the methods. Those that mend conflicts, PCGrad, GradVac and UPGrad, give `ner` some five points and leave the rest about where it was, so by the mean they lie within a point of the plain sum. Those that even out lengths, Aligned-MTL and Nash-MTL, end where IMTL-G ends: eleven points of `ner`, ten to fourteen fewer of `person`, and on average some more of `relation` and `sentiment`. CAGrad is MGDA's milder sister: ten points of `ner`, for which `person` and `relation` pay twelve or thirteen each. (It is not the rates that sort them: at 0.003 for all, the two families part in the same way.)
# These are means. Of the thirty-two differences nine stand, none of them under a method that mends conflicts. And of nine claims about the mean of the tasks one stands: MGDA loses.
#
# In none of the four tasks can IMTL-G be told from two weights set once and for all, after the correction for four claims. On average it is behind in `relation`, by four or five points, and ahead in `sentiment`, by eleven or twelve. In the map of `person` and `ner` the two points lie close together. The table of weights (of the first seed, the one that was recorded) shows that both give `ner` by far the largest weight. The smallest is that of `person` by hand; under IMTL-G, at its best rate, it is that of `relation`.
# The column of PCGrad answers section 4: `ner` does count about twice as much as each of the others. So PCGrad evens out lengths a little, too, without being asked.
#
# So the answer to the question of this lesson, on this corpus: nothing here shows that IMTL-G reaches what hand-set weights do not. (Nor is it shown that they reach all of it: eleven points of `sentiment` are more than these seeds can tell, and few weights were looked for.) It got there without anybody having looked for weights. Xin et al. found no method beyond the front of hand-set weights; in the map IMTL-G is beyond it by a hair at most. PCGrad, GradVac and UPGrad are clearly beyond: they have about the `person` of the sum and five points more of `ner`. But a line of four settings is coarse, and where to look for a fifth PCGrad's own weights say: `ner × 2`, which nobody has tried here. Kurin et al. speak of the plain sum; by the mean of the tasks IMTL-G is four points ahead of it, which cannot be told.
# Nobody has looked for *weights*; a rate was looked for. Four of the eight, IMTL-G among them, are best at another rate than the sum, and gain a point by it, or less, which cannot be told. They bear a wrong rate better: at 0.03 the sum and those that mend conflicts are left guessing, while those that even out lengths still have more than 60. The weights by hand have that as well.
#
# ### In English
#
# IMTL-G and PCGrad, five seeds, at the one rate 0.003, each beside the plain sum:

# %% [markdown] lang="zh"
# 第 3 节的诊断把这些方法分开了。治冲突的 PCGrad、GradVac、UPGrad，让 `ner` 提高五个百分点左右，其余差不多照旧，所以按平均分，它们离简单相加不到一个百分点。拉平长度的 Aligned-MTL、Nash-MTL，落在 IMTL-G 所在的地方：`ner` 提高十一个百分点，`person` 降低十到十四个，`relation` 和 `sentiment` 平均也高一些。CAGrad 是温和一点的 MGDA：`ner` 提高十个百分点，`person` 和 `relation` 各付十二三个。（把它们分开的不是学习率：都用 0.003，两类照样这样分开。）
# 这里看的是平均。三十二个差别里，站得住的有九个，治冲突的方法一个也没有。关于任务平均分的九个结论，站得住的只有一个：MGDA 降低。
#
# 四个任务经过校正，没有一个能断定 IMTL-G 和两个一劳永逸的权重有差别。平均看来，它的 `relation` 落后四五个百分点，`sentiment` 领先十一二个。在 `person` 和 `ner` 的图上，两个点靠得很近。从权重的那张表看（只有第一个种子有记录），两者给 `ner` 的权重都比别人的大得多。最小的，手设时是 `person` 的；IMTL-G 用最佳学习率时是 `relation` 的。
# PCGrad 那一列回答了第 4 节：`ner` 的分量的确大约是别人的两倍。可见 PCGrad 也拉平了一点长度，虽然没有人要它这样做。
#
# 所以，在这个语料上，本课那个问题的答案是：没有什么表明 IMTL-G 达到了手设权重达不到的。（也没有什么表明手设权重达到了它的全部：`sentiment` 的十一个百分点，这几个种子分不清是不是运气，而试过的权重也不多。）它不用人去找权重就到了那里。Xin 等发现没有一种方法越过手设权重的前沿；在图上，IMTL-G 最多越过一丝。明显越过的是 PCGrad、GradVac、UPGrad：`person` 和简单相加差不多，`ner` 却高五个百分点。不过四种设置画出的线很粗，第五种该到哪里找，PCGrad 自己的权重说得出来：`ner × 2`，这里没有人试过。Kurin 等说的是简单相加；按任务的平均分，IMTL-G 比它高四个百分点，无法断定。
# 不用人去找的是**权重**，学习率还是找过的。八种方法里有四种，包括 IMTL-G，最佳学习率和简单相加不一样；因此多得的，平均是一个百分点或更少，无法断定。学习率不合适，它们更耐得住：到 0.03，简单相加和治冲突的只剩瞎猜，拉平长度的还有 60 以上。手设权重也一样。
#
# ### 换成英文
#
# IMTL-G 和 PCGrad，各五个种子，学习率只有 0.003 一种，各自与简单相加比：

# %%
english = {}
for number in ("07", "08"):
    for run in finished.load(number, "en"):
        english.setdefault(run.header["model"], []).append(run)
base = scores(english["sum"])
carried = judged({
    name: {task: paired_difference(scores(english[name])[task], base[task]) for task in TASKS}
    for name in ("imtl_g", "pcgrad")
})
rows = {f"{t}: {n}": found_here[t] for t in TASKS for n, found_here in carried.items()}
plots.differences(rows, language=LANGUAGE)

# %%
ours, hand = scores(english["imtl_g"]), scores(english[HAND])
against_here = holm({t: paired_difference(ours[t], hand[t]) for t in TASKS})
{task: difference.in_words(LANGUAGE) for task, difference in against_here.items()}

# %%
plots.gradient_map(english["sum"], language=LANGUAGE)

# %% [markdown] lang="en"
# IMTL-G brings `ner` eighteen points here, and PCGrad ten: of eight claims these two stand. Beside the weights by hand, which lesson 07 has carried over, IMTL-G cannot be told in any task here either.
# So PCGrad does have something to do. Is the English trunk another case, one of conflict? Its map is as white as the Chinese one. Then it was our reading of the map that was wrong: a cosine near zero on average leaves PCGrad enough to do in single steps, where one gradient is ten times as long as another. (Its weights say so: `ner` counts about twice as much as the others in English, too.)
#
# ## 6 · What it costs
#
# The plain sum needs one pass backwards. A combiner needs the gradient of each task by itself: with four tasks four passes, and one more for the weighed sum. Unless it looks at another place: not along all shared parameters, but along the **features** at which the shared trunk ends. These gradients cost no more than the heads; one pass through the trunk remains (Sener & Koltun 2018 call this MGDA-UB). In the package: `model.compile(combine="imtl_g", over="features")`.
#
# **Predict.** How many times as long does a step take with IMTL-G over the trunk? And over the features?

# %% [markdown] lang="zh"
# 这里 IMTL-G 让 `ner` 提高十八个百分点，PCGrad 提高十个：八个结论里，站得住的就是这两个。和第 07 课搬过来的手设权重比，IMTL-G 在这里同样没有一个任务能断定有差别。
# 可见 PCGrad 有事可做。英文的主干是不是另一种情形，真有冲突？它的图和中文的一样白。那么错的是我们对图的解读：平均的余弦接近零，只要一个梯度比另一个长十倍，单独的每一步里，PCGrad 要做的事仍然不少。（它的权重可以作证：在英文里，`ner` 的分量同样大约是别人的两倍。）
#
# ## 6 · 花多少时间
#
# 简单相加只要一次反向传播。合并方法要每个任务各自的梯度：四个任务就是四次，最后加权再来一次。除非换个地方看：不沿所有共享参数，而是沿共享主干末端的**特征**（features）。这里的梯度不比各个头多花时间，主干仍然只走一次（Sener 和 Koltun 2018 称之为 MGDA-UB）。在本课程的包里：`model.compile(combine="imtl_g", over="features")`。
#
# **先预测。** IMTL-G 看整条主干时，一步的时间是原来的几倍？只看特征呢？

# %%
slower = lesson.predict_first(trunk=..., features=...)
slower


# %%
def seconds(**how):
    """CPU seconds of 60 steps, the quickest of three passes; a first one builds the graph. | 60 步的 CPU 秒数，三遍里取最快的；先跑一遍把计算图建好。"""
    model = build_model(data, architecture=experiment)
    model.compile(**how)
    steps = batches(data["train"], TASKS, 32, seed=0, steps=60)
    model.fit(steps, shuffle=False, verbose=0)
    passes = timeit.repeat(
        lambda: model.fit(steps, shuffle=False, verbose=0),
        timer=time.process_time,
        repeat=3,
        number=1,
    )
    return min(passes)


plain = seconds()
trunk, features = (seconds(combine="imtl_g", over=over) / plain for over in ("trunk", "features"))
slower.compare(trunk=trunk, features=features)

# %% [markdown] lang="en"
# Over the trunk a step takes half as much time again as the plain sum's, or twice as much; that depends on the machine, and on what else it does. Over the features it takes a little more. Does the cheap place serve as well? A length at the features is not a length in the trunk. Both at the rate 0.003, in Chinese:

# %% [markdown] lang="zh"
# 看主干，一步的时间比简单相加多一半，或者翻一倍，要看是什么机器、机器还在忙什么；看特征，只多花一点时间。便宜的地方效果一样吗？特征上的长度毕竟不是主干里的长度。两者的学习率都是 0.003，用中文语料：

# %%
at_features, at_trunk = (scores(runs[name]) for name in (lesson_08.FEATURES, "imtl_g"))
place = holm({t: paired_difference(at_features[t], at_trunk[t]) for t in TASKS})
plots.differences(place, language=LANGUAGE)

# %% [markdown] lang="en"
# Over the features `person` pays three points more, and among four claims that stands; in the three other tasks we cannot tell, and for `ner` the interval says that hardly more than half a point can be at stake. So the cheap place serves `ner`, the quiet one, nearly as well, and takes a little more from `person`, the loud one.
# When is such a method worth its time? Where weights would have to be searched for: two tasks and one dial are cheap to search by hand, ten tasks are not. And where one number of the result is not all that counts: a map of lengths costs one recorded run, and told us here whom to turn down.
#
# ## 7 · The drawer is opened, once
#
# IMTL-G and the weights by hand, on the test part, each beside the plain sum, at their best rates:

# %% [markdown] lang="zh"
# 看特征，`person` 要多付三个百分点，四个结论里这一个站得住；另外三个任务无法判断，而 `ner` 的区间说明，相差最多半个百分点多一点。所以，便宜的地方对安静的 `ner` 几乎一样好，只让嗓门大的 `person` 多付一点。
# 什么时候值得花这个时间？要去找权重的时候：两个任务、一个旋钮，手工找很便宜，十个任务就不是了。还有，结果不止一个数要紧的时候：一张长度图只要一次带记录的训练，它在这里告诉了我们该把谁调轻。
#
# ## 7 · 打开抽屉，只开一次
#
# 在测试集上，IMTL-G 和手设权重各自与简单相加比，学习率各取最佳：

# %%
final = judged({name: compare(name, split="test", among=tuned) for name in ("imtl_g", HAND)})
rows = {f"{t}: {n}": all_four[t] for t in TASKS for n, all_four in final.items()}
plots.differences(rows, language=LANGUAGE)

# %% [markdown] lang="en"
# The same picture as on validation. Both bring `ner` eleven points. Under the weights by hand `person` pays eight and `relation` gains nine; under IMTL-G `person` is nine points lower on average, which, among eight claims, cannot be told. Of `sentiment` we cannot tell under either.
#
# ## In five lines
#
# 1. Two gradients conflict if their scalar product is negative; PCGrad, MGDA and IMTL-G are three answers, and three lengths of a step.
# 2. All a combiner needs is the Gramian; with three tasks or more not every promise made for two is kept.
# 3. Measure the disease first: here tasks were nearly at right angles, on average, and differed by a factor of ten in loudness. A cosine needs the cosine of a task with itself beside it, and a mean of cosines hides the single steps.
# 4. IMTL-G brought `ner` eleven points, at half as much time again or twice as much, and two weights set by hand brought as many; MGDA let the quietest decide and starved two tasks.
# 5. A method that finds its weights by itself is worth its time where looking for them is dear, and nothing where a few trainings would have found them.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | conflict | two gradients whose scalar product is negative: a step for one makes the other worse |
# | Gramian | the table of all scalar products of the tasks' gradients |
# | combiner | a rule from the Gramian to the weights of the gradients |
# | features | what the shared trunk hands to the heads |
#
# ## Further reading
#
# - J.-A. Désidéri: *Multiple-gradient descent algorithm (MGDA) for multiobjective optimization*. Comptes Rendus Mathématique 350 (2012).
# - O. Sener, V. Koltun: *Multi-Task Learning as Multi-Objective Optimization*. NeurIPS (2018). MGDA for networks, and the upper bound over features.
# - T. Yu, S. Kumar, A. Gupta, S. Levine, K. Hausman, C. Finn: *Gradient Surgery for Multi-Task Learning*. NeurIPS (2020). PCGrad.
# - L. Liu, Y. Li, Z. Kuang et al.: *Towards Impartial Multi-Task Learning*. ICLR (2021). IMTL.
# - B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu: *Conflict-Averse Gradient Descent for Multi-Task Learning*. NeurIPS (2021). CAGrad.
# - A. Navon et al.: *Multi-Task Learning as a Bargaining Game*. ICML (2022). Nash-MTL.
# - P. Quinton, V. Rey: *Jacobian Descent for Multi-Objective Optimization*. arXiv:2406.16232 (2024). UPGrad, and the library TorchJD.
# - Z. Wang, Y. Tsvetkov, O. Firat, Y. Cao: *Gradient Vaccine*. ICLR (2021).
# - D. Senushkin, N. Patakin, A. Kuznetsov, A. Konushin: *Independent Component Alignment for Multi-Task Learning*. CVPR (2023). Aligned-MTL.
# - V. Kurin et al. and D. Xin et al., both NeurIPS (2022), as in lesson 07.
#
# Next: **lesson 09**, when does it help?

# %% [markdown] lang="zh"
# 和验证集上一样。两者都让 `ner` 提高十一个百分点。手设权重之下，`person` 付出八个百分点，`relation` 提高九个；IMTL-G 之下，`person` 平均低九个百分点，在八个结论当中无法断定。`sentiment` 在两者之下都无法判断。
#
# ## 五句话小结
#
# 1. 内积为负，两个梯度就冲突；PCGrad、MGDA、IMTL-G 是三种答案，也是三种步长。
# 2. 合并方法只需要 Gram 矩阵；对两个任务成立的保证，到三个任务不一定都成立。
# 3. 先量病：这里各任务的梯度平均几乎互相垂直，响度却差十倍。看余弦，旁边要放一个任务和自己的余弦；余弦的平均还掩盖了单独的每一步。
# 4. IMTL-G 让 `ner` 提高十一个百分点，时间多一半到一倍，手设的两个权重提高得一样多；MGDA 由最安静的说了算，饿坏了两个任务。
# 5. 找权重很贵的地方，自己会找权重的方法值得花时间；训练几次就能找到的地方，不值得。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 冲突（conflict） | 两个梯度的内积为负：对一个有利的一步，让另一个更差 |
# | Gram 矩阵（Gramian） | 各任务梯度两两内积的表 |
# | 合并方法（combiner） | 由 Gram 矩阵定出各梯度权重的规则 |
# | 特征（features） | 共享主干交给各个头的东西 |
#
# ## 延伸阅读
#
# - J.-A. Désidéri: *Multiple-gradient descent algorithm (MGDA) for multiobjective optimization*. Comptes Rendus Mathématique 350 (2012).
# - O. Sener, V. Koltun: *Multi-Task Learning as Multi-Objective Optimization*. NeurIPS (2018). 用于神经网络的 MGDA，以及特征上的上界。
# - T. Yu, S. Kumar, A. Gupta, S. Levine, K. Hausman, C. Finn: *Gradient Surgery for Multi-Task Learning*. NeurIPS (2020). PCGrad。
# - L. Liu, Y. Li, Z. Kuang 等: *Towards Impartial Multi-Task Learning*. ICLR (2021). IMTL。
# - B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu: *Conflict-Averse Gradient Descent for Multi-Task Learning*. NeurIPS (2021). CAGrad。
# - A. Navon 等: *Multi-Task Learning as a Bargaining Game*. ICML (2022). Nash-MTL。
# - P. Quinton, V. Rey: *Jacobian Descent for Multi-Objective Optimization*. arXiv:2406.16232 (2024). UPGrad，以及程序库 TorchJD。
# - Z. Wang, Y. Tsvetkov, O. Firat, Y. Cao: *Gradient Vaccine*. ICLR (2021).
# - D. Senushkin, N. Patakin, A. Kuznetsov, A. Konushin: *Independent Component Alignment for Multi-Task Learning*. CVPR (2023). Aligned-MTL。
# - V. Kurin 等和 D. Xin 等，都是 NeurIPS (2022)，见第 07 课。
#
# 下一课：**第 09 课**，什么时候有用？
