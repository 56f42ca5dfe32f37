# %% [markdown] lang="en"
# # Lesson 04 · What to share
#
# **Which layers should be shared?**
#
# After this lesson you can
#
# 1. share and split layers by hand in the Sharing Lab, and put a question to it: goal, prediction, comparison;
# 2. say which comparison answers which question, and why "better than the baseline" does not yet mean "sharing helped";
# 3. read from eight plans what each level contributes, choose one of them, and say how sure you are.
#
# *Reading: 55 minutes. Exercises and lab: 45 minutes. All cells together run in under 60 seconds and need less than 1.1 GB of memory.
# It builds on lesson 03 (hard sharing, plans, paired differences over seeds).*

# %% [markdown] lang="zh"
# # 第 04 课 · 共享什么
#
# **哪些层应该共享？**
#
# 学完本课，你能够
#
# 1. 在共享实验室里亲手共享、拆分各个层级，并向它提出像样的问题：目标、预测、比较；
# 2. 说清哪种比较回答哪个问题，以及为什么“比基线好”还不等于“共享有用”；
# 3. 从八个方案中读出每个层级的贡献，选出一个方案，并说明自己有多大把握。
#
# *阅读约 55 分钟，练习和实验约 45 分钟。全部单元格运行不到 60 秒，内存不到 1.1 GB。
# 需要先学第 03 课（硬共享、方案、种子间的配对差）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import matplotlib.pyplot as plt
import pandas as pd

from mtl_tutorial import SharingLab, SharingPlan, exercises, people, plots, sharing_lab
from mtl_tutorial.comparing import holm, paired_difference
from mtl_tutorial.lab.board import PRESETS
from mtl_tutorial.lab.grid import PLANS
from mtl_tutorial.lab.outcome import look_up
from mtl_tutorial.lab.settings import TASKS, Settings
from mtl_tutorial.sharing import LEVELS

lesson = exercises.lesson("04", LANGUAGE)
POOR = {"person": 60}
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · Too many plans to try
#
# In lesson 03 two tasks shared everything. Now there are four: `person`, for which 60 sentences are labeled, and `relation`, `sentiment` and `ner` with 2,000 each.
# The trunk has three levels, the words (`embedding`) and two convolutions (`encoder_1`, `encoder_2`). At each level the tasks can be divided into groups, and each group shares one copy.
#
# **Predict.** In how many ways can four tasks be divided into groups? And how many plans does that make for three levels?

# %% [markdown] lang="zh"
# ## 1 · 方案太多，试不过来
#
# 第 03 课里，两个任务什么都共享。现在有四个任务：`person` 只有 60 个句子有标签，`relation`、`sentiment`、`ner` 各有 2000 个。
# 主干有三个层级：嵌入层（`embedding`）和两层卷积（`encoder_1`、`encoder_2`）。每个层级上，任务都可以分成几组，同组的任务共用一份。
#
# **先预测。** 把四个任务分组，有多少种分法？三个层级合在一起，一共有多少个方案？

# %%
count = lesson.predict_first(one_level=..., three_levels=...)
count


# %%
def partitions(tasks):
    """Every way to divide the tasks into groups. | 把任务分组的所有分法。"""
    if not tasks:
        return [[]]
    first, *rest = tasks
    found = []
    for groups in partitions(rest):
        found.append([[first], *groups])  # by itself, or | 自成一组，或者
        for i, group in enumerate(groups):  # in one of the groups | 加入某一组
            found.append([*groups[:i], [first, *group], *groups[i + 1 :]])
    return found


partitions(TASKS[:3])

# %%
ways = [len(partitions(TASKS[:n])) for n in range(1, 5)]
plans = ways[-1] ** len(LEVELS)
print(ways, plans, f"{plans * 5 * 30 / 3600:.0f} h")
count.compare(one_level=ways[-1], three_levels=plans)

# %% [markdown] lang="en"
# At half a minute a training and five seeds a plan, trying them all would take almost six days, for one corpus, one encoder and one number of labels. (And tasks that leave the trunk early are not even counted.)
# So nobody tries them all. One asks questions, each with an experiment that can answer it. This is what the **Sharing Lab** is for.
#
# - The diagram is the board: a row a level, the words at the bottom, a head for each task on top. One bar across several tasks is one copy that they share; a box in a task's color is a copy of its own; a dashed box means that the task has left the trunk below. Click a box to change it, or drag it onto another to share with that one, away to split it off. (By keyboard: arrows and Enter.) The parameter counts follow.
# - Below it the number of labels of each task and the encoder; *More dials* has what else may differ. Leave them as they are for now.
# - *Train* answers, either from a table of finished runs (five seeds, at once) or, for a plan of your own and for *ner low*, by training in front of you. (The table has all its five seeds at once, so the dial *seed* matters to a training only.)
# - Either takes 2,400 steps, 24 *epochs* of 100 in the lab. Here that is about half a minute. *Stop* ends it when you have seen enough; what is compared is then compared at the epoch that was reached.
# - Beside the diagram each task has a chart: solid is your plan, dashed a model trained for this task alone. Below, every run is kept.
#
# **Goal.** Press *embedding only*. Beside four separate models, how many of the parameters are gone? (The share stands under the diagram.) Then commit yourself: below each chart, a guess for its task beside the dashed line, its single-task baseline. Then *Train*.
#
# If you cannot or do not wish to click: nothing in this lesson depends on it. The cells below ask the lab by a function, with the same answers.

# %% [markdown] lang="zh"
# 按一次训练半分钟、每个方案五个种子算，全部试一遍要将近六天，这还只是一种语料、一种编码器、一种标签数。（提前离开主干的情形还没算在内。）
# 所以没有人会全部试一遍。该做的是提问题，并为每个问题设计一个能回答它的实验。**共享实验室**（Sharing Lab）就是干这个的。
#
# - 示意图就是方案板：一行是一个层级，词在最下面，每个任务的头在最上面。一条横跨几个任务的长条，是它们共用的同一份；带任务颜色的方块是自己独用的一份；虚线框表示任务在这个层级之下已经离开主干。点一下方块就会改变；把它拖到另一个上面就共享，拖开就拆分。（用键盘：方向键和回车键。）参数个数随之更新。
# - 下面是每个任务的标签数和编码器；“更多旋钮”里还有别的条件可以变。现在先别动。
# - 按“训练”就有答案：或者来自已有结果表（五个种子，立等可得），或者当着你的面训练（你自己的方案和“ner 提前离开”都是这样）。表里五个种子一起给出，所以“随机种子”旋钮只对当场训练起作用。
# - 不论哪种，都是 2400 步，在实验室里叫 24 轮，每轮 100 步；当场训练大约要半分钟。看够了就按“停止”，比较就在已经走到的那一轮上进行。
# - 示意图旁边，每个任务有一张图：实线是你的方案，虚线是只为这个任务训练的模型。每次运行都留在下面的表里。
#
# **目标。** 按“只共享嵌入层”。和四个单独的模型相比，参数少了多少？（示意图下面写着比例。）然后在每张图下面表个态：和虚线（单任务基线）相比，这个任务会怎样？再按“训练”。
#
# 不能或不想点鼠标也没关系：本课没有一处非点不可。下面的单元格用一个函数向实验室提同样的问题，得到同样的答案。

# %%
lab = SharingLab(language=LANGUAGE, labels=POOR)
lab

# %% [markdown] lang="en"
# One rule before we start. With the lab we are going to *choose* between plans, so all of its scores come from the **validation** part. The test part stays in the drawer until section 8.
#
# ## 2 · What does sharing the words alone bring?
#
# The gentlest form of sharing: all four tasks read the same embedding, and each keeps two encoders for itself.
#
# **Goal.** Tell for each task whether it gains or loses beside a single-task baseline with the same labels, the same number of steps and the same seeds.
#
# **Predict.** The change of each task in points (hundredths of its score), with a minus if it loses. If you have guessed in the lab, be more precise here.

# %% [markdown] lang="zh"
# 开始之前先立一条规矩。我们要用实验室在方案之间**挑选**，所以它的得分全部来自**验证集**。测试集锁在抽屉里，到第 8 节才打开。
#
# ## 2 · 只共享嵌入层，能带来什么？
#
# 最温和的共享：四个任务用同一个嵌入层，两个编码器各有各的。
#
# **目标。** 说出每个任务是提高还是下降；比较的对象是单任务基线，标签、步数、种子都一样。
#
# **先预测。** 每个任务变化多少个百分点，下降就写负数。如果刚才在实验室里猜过，这里请猜得更细一些。

# %%
guess = lesson.predict_first(person=..., relation=..., sentiment=..., ner=...)
guess

# %%
words = sharing_lab("embedding only", language=LANGUAGE, labels=POOR)
words

# %%
guess.compare(**words.outcome.changes()["points"])

# %% [markdown] lang="en"
# `person` gains some 30 points. Two others gain a little too, `sentiment` two points and `ner` half a point. Of `relation` we cannot tell, which is not the same as "nothing happens to it". What the lab gives beside each score is the paired difference of lesson 03, with its 95 % interval over five seeds.
#
# Do you believe a table that somebody else has made? Let the first quarter of one of its five runs be trained again, here and now; it should lie among what they had reached by then, or close by. (With another machine, or another number of its cores, the last digits of a sum differ, and training makes much of little; so do not expect the same number.)

# %% [markdown] lang="zh"
# `person` 提高了 27 个百分点以上。另外三个任务无法判断，这和“没有变化”不是一回事。实验室在每个得分旁边给出的，就是第 03 课的配对差，带着五个种子的 95% 置信区间。
#
# 别人做的表，你信吗？那就把五次训练中的一次，当场重做前四分之一；结果应当落在它们走到那一步时的得分之间或附近。（换一台机器，哪怕只是换几个核来算，求和的末位数字就会不同，训练又会把小差别放大；所以别指望数字一模一样。）

# %%
live = sharing_lab("embedding only", language=LANGUAGE, labels=POOR, epochs=6, live=True)
five = pd.DataFrame([run.until(6).final() for run in words.outcome.runs])
five.agg(["min", "mean", "max"]).T.assign(live=live.outcome.runs[0].final()).round(3)

# %% [markdown] lang="en"
# ## 3 · A control in which nothing is shared
#
# So sharing the words gives `person` some 30 points. Or does it? Lesson 03 has made us suspicious: the two runs that we have compared differ in *two* things. One shares, the other does not; and `person` is on another diet, its 60 sentences scattered among 2,000.
# There we silenced the partner to tell the two apart. The board has a simpler **control**: in the plan *separate* all four tasks are trained together, in one loop, on the very same batches; but nothing is shared, each task has a trunk of its own.
#
# **Predict.** What does each task gain over its single-task baseline if *nothing* is shared? (For three of them it can be worked out, to the last digit.)

# %% [markdown] lang="zh"
# ## 3 · 什么都不共享的对照
#
# 这么说，共享嵌入层给 `person` 带来了 27 个百分点？先别急。学过第 03 课，我们已经长了心眼：刚才比较的两种训练，差别有**两样**。一个共享，一个不共享；而且 `person` 换了伙食（diet，见第 03 课），它的 60 个句子散布在 2000 句当中。
# 那一课里，我们让伙伴静音，把两样分开。方案板上有更简单的**对照**（control）：在“互不共享”这个方案里，四个任务一起训练，同一个循环，批次完全一样；但什么都不共享，每个任务有自己的主干。
#
# **先预测。** **什么都不共享**，每个任务比单任务基线能提高多少个百分点？（其中三个可以推出来，而且分毫不差。）

# %%
nothing = lesson.predict_first(person=..., relation=..., sentiment=..., ner=...)
nothing

# %%
apart = sharing_lab("separate", language=LANGUAGE, labels=POOR)
nothing.compare(**apart.outcome.changes()["points"])

# %%
apart.table

# %% [markdown] lang="en"
# Three tasks: 0.0, with a spread of 0.0. Not *about* zero: the same numbers to the last digit, for every seed. `person` does move, by several points with one seed or another, though nobody has shared anything with it. How often each task's labeled sentences come by explains both:

# %% [markdown] lang="zh"
# 有三个任务是 0.0，波动也是 0.0。不是**约等于**零，而是每个种子下数字都分毫不差。`person` 却平均提高了好几个百分点，可谁也没有和它共享什么。看看每个任务带标签的句子各要见多少遍，两件事就都明白了：

# %%
labels = dict.fromkeys(TASKS, 2000) | POOR
train = people.load(LANGUAGE, TASKS).with_labels(labels, seed=0)["train"]
labeled = pd.DataFrame({task: train.labeled(task) for task in TASKS})
drawn = 2400 * 32  # sentences in all batches of a training | 一次训练中所有批次的句子数
times = {
    "alone | 单独训练": drawn / labeled.sum(),
    "together | 一起训练": drawn / labeled.any(axis=1).sum(),
}
pd.DataFrame(times).round(1)

# %% [markdown] lang="en"
# The 2,000 sentences of `relation`, `sentiment` and `ner` are the same ones. So for these three the batches are the same alone and together, the initial values are the same, nothing is shared: each of these trunks is trained as if it were alone.
# That it comes out so exactly is worth a lot. Our comparison has no leak; whatever differs for `person` is no accident of the program, it is the diet.
#
# And does the diet help? Let us be as strict with this difference as with any other:

# %% [markdown] lang="zh"
# `relation`、`sentiment`、`ner` 用的是同样的 2000 个句子。所以对这三个任务来说，单独训练和一起训练，批次相同，初值相同，又什么都不共享：每条主干训练起来，都和独自一个时毫无分别。
# 结果如此分毫不差，很有价值：它说明我们的比较没有漏洞；`person` 若有差别，绝不是程序里的什么意外，而是伙食。
#
# 那么，换伙食有好处吗？对这个差别，要和对别的差别一样严格：


# %%
def person(runs):
    """Validation score of `person`, by seed. | `person` 在验证集上的得分，按种子排列。"""
    return pd.Series({run.header["seed"]: run.final()["person"] for run in runs})


known = (apart.outcome.baselines["person"], apart.outcome.runs, words.outcome.runs)
alone, control, shared = map(person, known)
diet = paired_difference(control, alone)
print(diet.in_words(LANGUAGE))

# %% [markdown] lang="en"
# So we cannot say that the diet helps, nor that it does nothing: the interval reaches seven points to either side. What we *can* say: whatever it does has nothing to do with sharing, and is contained in every comparison with the single-task baseline. Take them apart:

# %% [markdown] lang="zh"
# 可见，连“换伙食有好处”都还不能说：只有五个种子，这点差别也许就是噪声。**能**说的是：不管是不是噪声，这几个百分点都和共享无关，而每一次和单任务基线的比较都把它们算了进去。把它们拆开：

# %%
parts = {
    "embedding only − single task": paired_difference(shared, alone),
    "separate − single task": diet,
    "embedding only − separate": paired_difference(shared, control),
}
plots.differences(parts, language=LANGUAGE)

# %% [markdown] lang="en"
# The first line is the sum of the other two. Three comparisons, three questions:
#
# | comparison | what differs | the question that it answers |
# |---|---|---|
# | plan − single task | the diet *and* the sharing | Should I replace what I have by this? |
# | separate − single task | the diet alone | What do mixed batches do? |
# | plan − separate | the sharing alone | What does *sharing* do? |
#
# None of them is wrong. Wrong is to answer one question with another's comparison. Here the first and the third happen to say nearly the same, since the diet's mean is close to zero; we know it because we have measured it. (On the Chinese corpus the diet's mean is five points and more, and they are missing in the third.)
# For the other three tasks both comparisons agree, since *separate* is their baseline to the last digit.
#
# Here are three presets, held against both:

# %% [markdown] lang="zh"
# 第一行等于后两行之和。三种比较，三个问题：
#
# | 比较 | 差别在哪里 | 回答的问题 |
# |---|---|---|
# | 方案 − 单任务 | 伙食**和**共享 | 要不要用它换掉我现有的模型？ |
# | 互不共享 − 单任务 | 只有伙食 | 混合批次有什么作用？ |
# | 方案 − 互不共享 | 只有共享 | **共享**有什么作用？ |
#
# 三种比较都没有错。错的是拿一种比较去回答另一个问题，而这里确实有出入：第一行的数字里，只有第三行才是共享的功劳。
# 对其他三个任务，两种比较没有区别，因为“互不共享”和它们的基线分毫不差。
#
# 下面把三个现成方案和两者都比一比：

# %%
rows = {}
for name in ("embedding only", "lower half", "all shared"):
    ours = person(look_up(Settings(PRESETS[name](TASKS), LANGUAGE, labels=POOR)).runs)
    rows[f"{name} − single task"] = paired_difference(ours, alone)
    rows[f"{name} − separate"] = paired_difference(ours, control)
presets = holm(rows)
plots.differences(presets, language=LANGUAGE)

# %% [markdown] lang="en"
# All six say *gains*, also when they are judged together. Beside the single task, sharing everything gains nine points: a paper could be written about it. Here the control agrees. On the Chinese corpus the same two rows read 20 and 15 points: more than a quarter of the twenty was the diet's. Without the control nobody knows which of the two cases is theirs.
#
# ### Exercise 1 · `fair`
#
# You have five runs: `"single task"`, `"separate"`, `"embedding only"`, `"lower half"` (embedding and first encoder shared), `"all shared"`. Which two do you compare, if you want to know
#
# - `replace`: whether to replace your single-task models by one model that shares everything?
# - `words`: what sharing the words does, and nothing else?
# - `batches`: what mixed batches do, without any sharing?
# - `top`: what sharing the second encoder costs, if the levels below are shared already?
#
# Write a dictionary `fair` from the four names to pairs `(the run that is judged, the run it is held against)`.

# %% [markdown] lang="zh"
# 六行都是提高，放在一起判断也还是。不过请看最后两行。和单任务比，全部共享提高了 20 个百分点，足够写一篇论文。和对照比，四分之一以上的好处就没有了：那是伙食的功劳。（英文语料上，这两行都是 9 个百分点，几乎一样。没有对照，谁也不知道自己碰上的是哪一种情形。）
#
# ### 练习 1 · `fair`
#
# 手头有五种训练：`"single task"`（单任务）、`"separate"`（互不共享）、`"embedding only"`（只共享嵌入层）、`"lower half"`（共享下半部：嵌入层和第一个编码器）、`"all shared"`（全部共享）。如果你想知道下面这些，该拿哪两种来比？
#
# - `replace`：要不要把几个单任务模型换成一个全部共享的模型？
# - `words`：单单共享嵌入层，有什么作用？
# - `batches`：不共享任何东西，混合批次有什么作用？
# - `top`：下面两个层级已经共享，再共享第二个编码器，代价是什么？
#
# 请写一个字典 `fair`，从这四个名字对应到一对：`(被评判的训练, 用来比较的训练)`。

# %% tags=["exercise"] exercise="fair"
fair = ...

# %%
lesson["fair"].check(fair)
# lesson["fair"].hint()
# lesson["fair"].solution()

# %% [markdown] lang="en"
# ## 4 · Which level matters most?
#
# From now on the control is our baseline: the question is what *sharing* does. Each of three levels is either shared by all four tasks or by none, 2 × 2 × 2 = 8 plans, and the table has five seeds of each.
#
# **Goal.** Say for each level what sharing it does for `person` with 60 labels, which of the three matters most, and for which of them the interval leaves out 0.

# %% [markdown] lang="zh"
# ## 4 · 哪个层级最要紧？
#
# 从现在起，对照就是我们的基线：要问的是**共享**有什么作用。三个层级当中，每一个要么四个任务都共享，要么都不共享，2 × 2 × 2 = 8 个方案；表里每个方案有五个种子。
#
# **目标。** 只有 60 个标签时，每个层级共享与否，对 `person` 各有什么作用？哪个层级最要紧？其中哪些的区间不含 0？


# %%
def scores(plan, labels=60, split="valid", **dials):
    """Scores of the finished runs in per cent: a row a seed, a column a task.
    | 已有结果的得分（百分数）：一行一个种子，一列一个任务。"""
    runs = look_up(Settings(plan, LANGUAGE, labels={"person": labels}, **dials)).runs
    return 100 * pd.DataFrame({run.header["seed"]: run.final(split) for run in runs}).T


eight = {" + ".join(levels) or "nothing": scores(plan) for levels, plan in PLANS.items()}
separate = eight["nothing"]
pd.DataFrame({name: values.mean() for name, values in eight.items()}).T.round(1)

# %% [markdown] lang="en"
# Eight rows are hard to read. But the eight plans have been made so that they can be summed up: four of them share a given level and four do not, and in both fours everything else occurs equally often. So the difference of the two means shows the **effect** of that level. (This is called a *factorial design*.)
#
# **Predict.** How many points does sharing each level bring `person`, on average over what else is shared?

# %% [markdown] lang="zh"
# 八行数字不好读。好在这八个方案是特意安排的，可以归纳：任取一个层级，四个方案共享它，四个不共享；在这两组里，其他层级的情形出现得一样多。所以两组平均值之差，就是这个层级的**效应**（effect）。（这种安排叫析因设计，factorial design。）
#
# **先预测。** 每个层级共享与否，对 `person` 差多少个百分点（对其他层级的情形取平均）？

# %%
level_first = lesson.predict_first(embedding=..., encoder_1=..., encoder_2=...)
level_first


# %%
def all_eight(**settings):
    """A row a plan and seed: which levels are shared, and the score of every task.
    | 一行是一个方案的一个种子：共享了哪些层级，各任务得多少分。"""
    return pd.DataFrame(
        [
            {**{level: level in levels for level in LEVELS}, "seed": seed, **row}
            for levels, plan in PLANS.items()
            for seed, row in scores(plan, **settings).iterrows()
        ]
    )


table = all_eight()
table.head(3).round(1)


# %%
def halves(table, level, task):
    """By seed: mean score of the plans that share the level, and of those that do not.
    | 按种子：共享这个层级的方案的平均得分，以及不共享的。"""
    means = table.groupby([level, "seed"])[task].mean()
    return means[True], means[False]


def effect(table, level, task):
    """The first minus the second, by seed. | 前者减后者，按种子。"""
    shared_it, own = halves(table, level, task)
    return shared_it - own


effects = {t: pd.DataFrame({lev: effect(table, lev, t) for lev in LEVELS}) for t in TASKS}
effects["person"].agg(["mean", "std"]).round(1)

# %%
level_first.compare(**effects["person"].mean())


# %%
def judged(table, task, name):
    """The effect of each level with its interval. | 每个层级的效应和它的区间。"""
    sides = {level: halves(table, level, task) for level in LEVELS}
    return {
        f"{name}: {level}": paired_difference(shared_it / 100, own / 100)
        for level, (shared_it, own) in sides.items()
    }


by_level = {}
for task in TASKS:
    by_level |= judged(table, task, task)
by_level = holm(by_level)
plots.differences(by_level, language=LANGUAGE)

# %% [markdown] lang="en"
# For `person` the answer is clear: the words bring more than 20 points. Neither encoder adds anything. `encoder_2` takes back seven or eight points, and that can be told; of `encoder_1`, five points down on average, it cannot, among twelve claims.
# That fits with what we know of the two tasks. `relation` shows the model what an aunt or a landlord is, and this knowledge sits in the embedding; *where* in the sentence to look for it, each task has to know for itself.
#
# Now to the others. Take `ner`: each level costs it about two points, and all three intervals leave out 0. So whoever shares `encoder_1` pays some two points of `ner`.
#
# Right? Go back to the table of the eight plans, column `ner`, before you read on.

# %% [markdown] lang="zh"
# 对 `person` 来说，答案很清楚：共享嵌入层平均带来 20 多个百分点。两个编码器什么也没添；`encoder_2` 还要拿回去六七个百分点，可以断定；`encoder_1` 则无法判断。（英文语料上也是这样。）
# 这和我们对两个任务的了解相符：`relation` 让模型知道什么是表姐、什么是房东，这些知识存在嵌入层里；至于该看句子的**哪个位置**，每个任务得自己掌握。
#
# 再看别的任务。拿 `ner` 来说：每个层级都让它丢一个百分点上下，区间都不含 0。所以，共享 `encoder_1`，`ner` 就要丢一个多百分点。
#
# 对吗？往下读之前，先回到八个方案的那张表，看看 `ner` 那一列。

# %%
entities = pd.DataFrame({name: values["ner"] for name, values in eight.items()})
entities.agg(["mean", "std"]).T.round(1)

# %% [markdown] lang="en"
# Seven plans of eight leave `ner` within a point of where it was. One, *everything shared*, costs it almost 9 points. The mean effects have laid this one loss upon all three levels, about a quarter of it on each: "two points for `encoder_1`" is true as an average, and false for every single plan.
#
# Where the effect of one level depends on what else is shared, one speaks of an **interaction**, and mean effects must not be read alone. Sharing one level costs `ner` nothing that we could see, sharing two neither; what costs is having no level left to itself. (After 2,400 steps, and with 32 units for four tasks. *That* it costs is seen here, not *why*: section 5 asks how much of it is time, and how much is room.)
#
# ### Exercise 2 · `interaction`
#
# Put a number to it. `interaction(table, a, b, task)` says by how much the effect of sharing level `a` is larger where level `b` is shared too than where it is not: one number for each seed. Use `effect` from above.

# %% [markdown] lang="zh"
# 八个方案里有七个，`ner` 和原来相差不到一个百分点。只有“全部共享”让它丢了 5 个百分点。平均效应把这一次损失摊到三个层级头上，各摊一份：“`encoder_1` 要丢一个多百分点”，作为平均数没有错，可对任何一个方案都不成立。
#
# 一个层级的效应若取决于还共享了什么，就叫有**交互作用**（interaction），这时不能只看平均效应。共享一个层级，`ner` 看不到损失；共享两个，至多丢不到一个百分点；真正要付代价的，是一个也不留给自己。（这说的是 2400 步之后，而且四个任务合用 32 个单元。这里看到的是**有**代价，还不是**为什么**：第 5 节会问，其中多少是时间不够，多少是地方不够。）
#
# ### 练习 2 · `interaction`
#
# 给它一个数字。`interaction(table, a, b, task)` 回答：在共享层级 `b` 的方案里，共享层级 `a` 的效应，比在不共享 `b` 的方案里大多少？每个种子一个数。可以用上文的 `effect`。


# %% tags=["exercise"] exercise="interaction"
def interaction(table, a, b, task):
    return ...


# %%
lesson["interaction"].check(interaction)
# lesson["interaction"].hint()
# lesson["interaction"].solution()

# %% [markdown] lang="en"
# Try yours on the real table: `interaction(table, "encoder_1", "encoder_2", "ner")`. And on `person`, where the embedding does so much good: does it do as much when the encoders are shared as well?
#
# ## 5 · A plan that helps one and harms none
#
# **Goal.** Help `person`, and do not harm `sentiment`; better still, harm nobody. Here is what each plan does after 2,400 steps, beside the control: ▲ gains, ▼ loses, and where there is no mark, we cannot tell (Holm's correction over the four tasks of a plan).

# %% [markdown] lang="zh"
# 用你的函数算一算真实的表：`interaction(table, "encoder_1", "encoder_2", "ner")`。再看 `person`：共享嵌入层对它好处那么大，编码器也共享时，好处还有这么大吗？
#
# ## 5 · 帮到一个，不伤一个
#
# **目标。** 帮助 `person`，又不伤害 `sentiment`；能谁也不伤害，就更好。下面是每个方案训练 2400 步以后和对照相比的变化：▲ 提高，▼ 下降，没有记号的无法判断（每个方案的四个任务一起经 Holm 校正）。


# %%
def beside(base, results):
    """Name of a plan → task → paired difference, the tasks of a plan judged together.
    | 方案 → 任务 → 配对差，一个方案的各任务一起判断。"""
    return {
        name: holm({t: paired_difference(ours[t] / 100, base[t] / 100) for t in TASKS})
        for name, ours in results.items()
    }


def marked(found):
    """Points, with a mark where something is claimed. | 百分点，有结论的加记号。"""
    marks = {"gains": " ▲", "loses": " ▼"}
    rows = {
        name: {t: f"{one.mean:+.1f}{marks.get(one.verdict, '')}" for t, one in row.items()}
        for name, row in found.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


shown = beside(separate, {n: values for n, values in eight.items() if n != "nothing"})
marked(shown)

# %% [markdown] lang="en"
# To harm nobody turns out to be easy: no plan that leaves every task one level to itself shows a loss, and some even a small gain. Only if nothing is left to it does `ner` lose, and then a lot. (Why `ner`? It is the only task that labels every token, and most tokens are `O`, easy to get right: its loss is soon small, and a small loss has little say in a shared layer. That is a conjecture; lesson 07 gives every loss a volume knob and tests it.)
#
# Of the plans with ▲ at `person` and no ▼, *embedding* gains most. But mind what a missing mark means. It does not say that nobody loses anything; it says that five seeds cannot tell. (On the Chinese corpus *embedding + encoder_1* costs `ner` less than one point, and has its ▼: there the seeds agree so well that even this little can be told.) A loss that *cannot* happen would be better than one that was not seen.
#
# ### Slower is not worse
#
# And a word on "harm". It means: worse after the same 2,400 steps. Somebody with less patience might have stopped after 600. What they would have seen, the same curves know.
#
# **Predict.** Everything shared, beside the control: by how many points is `ner` behind after 600 steps, and by how many after 2,400? (With a minus.)

# %% [markdown] lang="zh"
# 谁也不伤害，原来很容易：只要给每个任务留一个层级，▼ 就只有两处，也都不大：*encoder_1 + encoder_2* 让 `relation` 丢两个多百分点，*embedding + encoder_1* 让 `ner` 丢不到一个（五个种子相当一致，这一点点也就断定得了）。若一个也不留，`ner` 和 `relation` 就丢五六个。（为什么是 `ner`？只有它要给每个词元打标签，而多数词元是容易答对的 `O`：它的损失很快就变小，损失小，在共享层里就说不上话。这只是猜想；第 07 课给每个损失装上音量旋钮，再来检验。）
#
# `person` 处有 ▲、又没有 ▼ 的方案中，*embedding* 提高得最多。但要当心：没有记号是什么意思？不是说谁都没有损失，而是说五个种子看不出来。**不可能**发生的损失，胜过没看见的损失。
#
# ### 慢不等于差
#
# 再说一句“伤害”。它的意思是：同样走 2400 步，结果更差。换一个性子急的人，也许 600 步就停了。他会看到什么，同样的曲线里就有。
#
# **先预测。** 全部共享，和对照相比：600 步时 `ner` 落后多少个百分点？2400 步时呢？（写负数。）

# %%
patience = lesson.predict_first(after_600=..., after_2400=...)
patience

# %%
everything = PRESETS["all shared"](TASKS)
early, late = scores(everything, epochs=6), scores(everything)
early_control = scores(PRESETS["separate"](TASKS), epochs=6)
patience.compare(
    after_600=(early - early_control)["ner"].mean(), after_2400=(late - separate)["ner"].mean()
)

# %%
curves = {
    "separate | 互不共享": look_up(
        Settings(PRESETS["separate"](TASKS), LANGUAGE, labels=POOR)
    ).runs,
    "all shared | 全部共享": look_up(Settings(everything, LANGUAGE, labels=POOR)).runs,
    "wide | 加宽": look_up(Settings(everything, LANGUAGE, labels=POOR, wide=True)).runs,
}
plots.learning_curves(curves, baseline="separate | 互不共享", language=LANGUAGE)

# %% [markdown] lang="en"
# After 600 steps everything shared was 12 points of `relation` behind, 17 of `sentiment` and 26 of `ner`, and every interval left out 0. "It ruins the others" could have been printed. The same trainings, four times as long, are 3, 2 and 9 points behind, and of the first two we cannot tell any more. The control meanwhile has not moved forward: it was done after 600 steps, and has lost a point or so since. Four tasks in one trunk are above all **slower**.
#
# And what is left at the end? *All shared* has one trunk instead of four, a quarter of the parameters. So part of it may be room. The dial *width* (*More dials*) has a control for it: **wide**, everything shared, but every layer widened until the model is as large as four separate ones. In this corpus that takes 104 features instead of 32. That gives three differences for each task:
#
# | | difference | what it answers |
# |---|---|---|
# | budget | *all shared*, 2,400 steps − 600 steps | what did patience bring? |
# | width | *wide* − *all shared*, both after 2,400 steps | what does room bring? |
# | neither | *wide* − *separate*, both after 2,400 steps | what is left when there is time *and* room? |

# %% [markdown] lang="zh"
# 600 步时，全部共享让 `relation` 落后 21 个百分点，`sentiment` 23 个，`ner` 18 个，区间都不含 0。“别的任务都毁了”，这样的话已经可以登出来了。同样的训练，走到四倍的步数，落后的是 6、4 和 5 个百分点，其中 `sentiment` 已经无法判断。对照在这期间并没有前进：它 600 步就学完了，后来还退了不到一个百分点。四个任务挤在一条主干里，首先是**慢**。
#
# 最后剩下的又是什么？“全部共享”只有一条主干，不是四条，参数只有四分之一上下。所以有一部分也许是地方不够。旋钮“宽度”（在“更多旋钮”里）就是为此准备的对照：**加宽**（wide），仍然全部共享，但每一层都加宽，直到整个模型和四个单独的模型一样大。在这份语料上，就是用 98 个特征代替 32 个。于是每个任务有三个差：
#
# | | 差 | 回答什么 |
# |---|---|---|
# | 步数 | “全部共享”，2400 步 − 600 步 | 耐心换来了什么？ |
# | 宽度 | “加宽” − “全部共享”，都是 2400 步 | 地方宽敞换来了什么？ |
# | 两者之外 | “加宽” − “互不共享”，都是 2400 步 | 时间够了，地方也够了，还差多少？ |

# %%
wide = scores(everything, wide=True)
causes = {}
for task in TASKS[1:]:
    for why, (ours, base) in {
        "budget | 步数": (late, early),
        "width | 宽度": (wide, late),
        "neither | 两者之外": (wide, separate),
    }.items():
        causes[f"{task}: {why}"] = paired_difference(ours[task] / 100, base[task] / 100)
causes = holm(causes)
plots.differences(causes, language=LANGUAGE)

# %%
wide_early = scores(everything, epochs=6, wide=True)
sooner = {t: paired_difference(wide_early[t] / 100, early[t] / 100) for t in TASKS[1:]}
plots.differences(holm(sooner), language=LANGUAGE)

# %% [markdown] lang="en"
# The budget is the largest part: 8 to 17 points. Width adds 4 to 9. All six intervals leave out 0, and of the six claims five stand among the nine. And with time *and* room, what is still missing? Of all three tasks we cannot tell.
#
# Do not read the parts as if they were separate things, though. The second figure asks what the same width brings after 600 steps: 11 to 23 points. A wide trunk learns faster, too, so time and room stand in for each other, and how much is booked to which depends on what is given first. Nor has the narrow trunk arrived everywhere: in `ner` the lab marks it as *still climbing*, so part of what stands under width may yet be budget. (And the learning rate is the same for both widths; another might favor one of them.) The last row of each task does not depend on that order. It is what one may call the price of sharing, at this size: five seeds see none, and going by the lower ends of the intervals it is hardly more than a point.
#
# So far a level was shared by all or by none. The board can do more: let some tasks share and leave the others in peace. **Back to the lab**: build a plan of which you can promise beforehand that `sentiment` and `ner` lose nothing, and train it. (The lab does not find your plan in its table, so it trains: about half a minute for one seed; *Stop* is allowed.)

# %% [markdown] lang="zh"
# 大头是步数：13 到 18 个百分点。宽度再添 4 到 5 个。这六个区间都不含 0，虽然九个结论放在一起，只有两个可以断定。时间够了，地方也够了，还差多少？三个任务都无法判断。
#
# 不过，别把这几部分当成互不相干的东西。第二张图问的是：同样的加宽，在 600 步处换来多少？14 到 17 个百分点。主干宽，学得也快；时间和地方可以互相顶替，各记多少账，要看先给哪一样。窄的主干也还没有处处走到头：`sentiment` 在实验室里标着“还在上升”，记在宽度名下的，也许有一部分仍是步数。（另外，两种宽度用的是同一个学习率；换一个，也许对其中一种更有利。）每个任务的最后一行与先后无关。它才可以叫作共享本身的代价，就这样的大小而言：五个种子看不出来；若有，看区间的下端，`relation` 大约 4 个百分点，`sentiment` 两个半，`ner` 一个半，不会再多很多。
#
# 到目前为止，一个层级要么大家共享，要么都不共享。方案板还能做得更细：让一些任务共享，让另一些不受打扰。**回到实验室**：搭一个方案，要能事先担保 `sentiment` 和 `ner` 毫无损失，然后训练它。（你的方案不在已有结果表里，所以要当场训练，一个种子大约半分钟；中途可以停。）

# %%
lab

# %% [markdown] lang="en"
# ### Exercise 3 · `spare`
#
# Write the plan in code: a `SharingPlan` for the four tasks and three levels such that nothing that `sentiment` or `ner` use is ever touched by another task; `person` shares at least one level with `relation`; and it costs at most 80 % of the parameters of four separate models (the lab shows the share under its diagram). `lab.load_plan(spare)` puts it on the board.

# %% [markdown] lang="zh"
# ### 练习 3 · `spare`
#
# 用代码写出这个方案：四个任务、三个层级的 `SharingPlan`；`sentiment` 和 `ner` 用到的一切，别的任务都碰不着；`person` 至少有一个层级和 `relation` 共享；参数不超过四个单独模型的 80%（实验室的示意图下面写着这个比例）。`lab.load_plan(spare)` 会把它放到方案板上。

# %% tags=["exercise"] exercise="spare"
spare = ...

# %%
lesson["spare"].check(spare)
# lesson["spare"].hint()
# lesson["spare"].solution()

# %% [markdown] lang="en"
# One seed in the lab is an anecdote. Two plans that the exercise allows have been trained with five: `person` and `relation` share the words alone, or all three levels. (`experiments()` in `mtl_tutorial/lessons/lesson_04.py` says how; `python -m mtl_tutorial lesson-table 04` computes them anew.)
#
# **Predict.** Beside the control: how many points does `person` gain from sharing just the words with `relation`? Is it more or less than from sharing them with all?

# %% [markdown] lang="zh"
# 实验室里的一个种子只是孤例。练习允许的方案当中，有两个训练了五个种子：`person` 和 `relation` 只共享嵌入层，或者三个层级全共享。（怎么做的，见 `mtl_tutorial/lessons/lesson_04.py` 的 `experiments()`；`python -m mtl_tutorial lesson-table 04` 可以重新算出。）
#
# **先预测。** 和对照相比：只和 `relation` 共享嵌入层，`person` 提高多少个百分点？比和大家一起共享时多，还是少？

# %%
pair_first = lesson.predict_first(person=...)
pair_first

# %%
from mtl_tutorial.lessons import finished
from mtl_tutorial.lessons.lesson_04 import PAIRED

more = finished.load("04", LANGUAGE)


def pair(plan, split="valid"):
    """Like `scores`, from the runs of this lesson's own table. | 同 `scores`，取自本课自己的结果表。"""
    runs = [run for run in more if SharingPlan(run.header["plan"]) == plan]
    return 100 * pd.DataFrame({run.header["seed"]: run.final(split) for run in runs}).T


paired = {name: pair(plan) for name, plan in PAIRED.items()}
pair_first.compare(person=(paired["words"] - separate)["person"].mean())

# %%
pairs = {"embedding, all four | embedding，四个任务": eight["embedding"], **paired}
partners = beside(separate, pairs)
marked(partners)

# %% [markdown] lang="en"
# `person` gains from `relation` alone about what it gained from all four. So what helps it sits in the words that these two tasks have in common; nothing else has to be shared, and nobody else has to pay.
# `sentiment` and `ner`: 0.0, as promised beforehand. This is not a missing mark but a fact, like the zeros of section 3.
# Sharing the encoders as well brings `person` nothing more; it gives back more than half of the gain, and `relation` pays for it.
#
# All this has its price: two more copies of the embedding, about four fifths of the parameters of separate models instead of a third. Where words are dear, with a large vocabulary or on a small device, *embedding only* may still be the better bargain.

# %% [markdown] lang="zh"
# 单凭和 `relation` 共享，`person` 的提高就和四个任务一起共享时相当。可见对它有用的东西，就在这两个任务共同的那些词里；别的不必共享，别的任务也不必付账。
# `sentiment` 和 `ner` 都是 0.0，和事先担保的一样。这不是“没有记号”，而是事实，就像第 3 节里的那几个零。
# 把编码器也共享进来，`person` 并没有再提高，平均说来还退回去一些；而付账的是 `relation`。
#
# 这一切也有价钱：嵌入层要多存两份，参数约为四个单独模型的五分之四，而不是三分之一多一点。词表很大，或者要放进小设备，嵌入层太贵的时候，“只共享嵌入层”也许仍是更划算的买卖。

# %% [markdown] lang="en"
# ## 6 · What happens as labels grow?
#
# **Goal.** Find out whether the answer of section 4 is a property of the tasks or of the 60 labels.
#
# **Predict**, for `person` with 2,000 labels, in points: what does sharing the words bring beside the control? What does sharing everything? And what do mixed batches bring, *separate* beside the single task? (The last one can be worked out without guessing.)

# %% [markdown] lang="zh"
# ## 6 · 标签多起来会怎样？
#
# **目标。** 弄清第 4 节的答案是任务本身的性质，还是因为只有 60 个标签。
#
# **先预测。** `person` 有 2000 个标签时，各是多少个百分点：和对照相比，共享嵌入层带来多少？全部共享呢？还有，混合批次带来多少（“互不共享”和单任务相比）？（最后一个不用猜，可以推出来。）

# %%
many = lesson.predict_first(words=..., everything=..., batches=...)
many


# %%
def person_with(labels, epochs=24):
    """Scores of `person` in per cent: a row a seed, a column a way to train.
    | `person` 的得分（百分数）：一行一个种子，一列一种训练方式。"""
    few_or_many = {"labels": {"person": labels}, "epochs": epochs}
    control = look_up(Settings(PRESETS["separate"](TASKS), LANGUAGE, **few_or_many))
    shown = {"single task": 100 * person(control.baselines["person"])}
    for name in ("separate", "embedding only", "all shared"):
        shown[name] = scores(PRESETS[name](TASKS), labels, epochs=epochs)["person"]
    return pd.DataFrame(shown)


growing = {labels: person_with(labels) for labels in (60, 2000)}
growing = pd.concat(growing, names=["labels", "seed"])
growing.groupby("labels").mean().round(1)

# %%
mean = growing.loc[2000].mean()
many.compare(
    words=mean["embedding only"] - mean["separate"],
    everything=mean["all shared"] - mean["separate"],
    batches=mean["separate"] - mean["single task"],
)


# %%
def in_both(table, *comparisons):
    """For either number of labels: one way to train held against another.
    | 每种标签数下，一种训练方式和另一种比。"""
    return holm(
        {
            f"{labels}: {ours} − {base}": paired_difference(rows[ours] / 100, rows[base] / 100)
            for ours, base in comparisons
            for labels, rows in table.groupby("labels")
        }
    )


over_control = in_both(growing, ("embedding only", "separate"), ("all shared", "separate"))
plots.differences(over_control, language=LANGUAGE)

# %% [markdown] lang="en"
# With 2,000 labels nothing is left of the diet: all four tasks are labeled on the same 2,000 sentences, so training beside the others, with nothing shared, *is* training alone, to the digit.
# Sharing the words, worth some thirty points with 60 labels, is now worth less than one. `person` no longer needs the neighbors' sentences: help fades as a task's own labels grow.
#
# And sharing everything? With 60 labels it brings nine points on average, with 2,000 less than one, and among four claims we can tell neither. But *all shared − separate* mixes two things: the tasks share the words, which helps, and they crowd into the same two encoders. What does the **crowding** do by itself?
#
# **Predict.** On top of shared words: how many points does it bring `person` to share both encoders as well, with 60 labels, and with 2,000? (Write a minus if it costs.)

# %% [markdown] lang="zh"
# 有了 2000 个标签，“伙食”的差别就没有了：四个任务标的是同样的 2000 句，什么都不共享地一起训练，**就是**单独训练，分毫不差。
# 共享嵌入层，在 60 个标签时值 20 多个百分点，现在不到两个。`person` 已经用不着邻居的句子了：自己的标签越多，别人的帮助越小。
#
# 那么全部共享呢？60 个标签时提高将近 15 个百分点，2000 个时还有一个多，两个都可以断定。不过 *all shared − separate* 里混着两样东西：大家共享嵌入层，这有帮助；大家又挤在同样的两个编码器里。单看这**拥挤**（crowding），作用是什么？
#
# **先预测。** 嵌入层已经共享，再把两个编码器也共享，`person` 变化多少个百分点？60 个标签时呢？2000 个时呢？（下降就写负数。）

# %%
crowd = lesson.predict_first(labels_60=..., labels_2000=...)
crowd

# %% [markdown] lang="en"
# ### Exercise 4 · `crowding`
#
# `growing` has a row for each number of labels and each seed, and a column for each way to train; its values are scores of `person` in per cent. `crowding(growing)` says for every row how many points the sharing of both encoders brings, if the words are shared already and nothing else differs; negative where it costs. One number for each row, so that an interval can be made of the seeds.

# %% [markdown] lang="zh"
# ### 练习 4 · `crowding`
#
# `growing` 这张表，每一行是一种标签数下的一个种子，每一列是一种训练方式，数值是 `person` 的得分（百分之几）。`crowding(growing)` 对每一行回答：嵌入层已经共享，其他条件也都相同，把两个编码器也共享，变化了多少个百分点？下降为负。每一行一个数，这样才能由各个种子算出区间。


# %% tags=["exercise"] exercise="crowding"
def crowding(growing):
    return ...


# %%
lesson["crowding"].check(crowding)
# lesson["crowding"].hint()
# lesson["crowding"].solution()

# %%
means = growing.groupby("labels").mean()
price = means["all shared"] - means["embedding only"]
crowd.compare(labels_60=price[60], labels_2000=price[2000])

# %%
crowded = in_both(growing, ("all shared", "embedding only"))
plots.differences(crowded, language=LANGUAGE)

# %%
hasty = {labels: person_with(labels, epochs=6) for labels in (60, 2000)}
hasty = pd.concat(hasty, names=["labels", "seed"])
crowded_early = in_both(hasty, ("all shared", "embedding only"))
plots.differences(crowded_early, language=LANGUAGE)

# %% [markdown] lang="en"
# The first figure is after 2,400 steps. Does crowding fade like the help? It does: from more than twenty points to nothing that we could see. (On the Chinese corpus, from seven points, of which five seeds cannot be sure, to nothing that we could see either.)
#
# The second figure asks the same curves after 600 steps, and gives another answer: two points with 2,000 labels, and the interval leaves out 0. On the Chinese corpus it is eight points with 2,000 labels, no less than with 60: "crowding does not fade" would have been the headline there. *All shared* would have stood seven points below *separate*; after 2,400 steps it stands a point above. Every number was right. It was only early.
# So the answer of section 4 was not a property of the tasks. **Help from others fades as a task's own labels grow, and so does crowding. And a loss is one only where the curves have flattened.**
#
# ## 7 · The best of eight
#
# Suppose you had had time for one seed only. You would train the eight plans, look at the validation scores of `person`, and take the best. Five people do this, each with a seed of their own. Each writes down the winner and the score it won with; beside it stands what the same plan reaches with the four other seeds.
#
# **Predict.** By how many points is the score that a plan won with better than its scores with other seeds, on average?

# %% [markdown] lang="zh"
# 第一张图是 2400 步之后。拥挤的代价会像帮助一样变小吗？会：60 个标签时约 7 个百分点（五个种子还不能断定），2000 个时什么也看不出来了。（英文语料上，从 20 多个百分点到什么也看不出来。）
#
# 第二张图问的是同样的曲线，只是在 600 步的地方，答案就变了：2000 个标签时是 8 个百分点，不比 60 个标签时少，区间不含 0。“拥挤的代价不会变小”，在那里就会是结论；“全部共享”比“互不共享”低 7 个百分点，而到了 2400 步，反而高出一个多。每个数字都没有错，只是量得太早。
# 可见第 4 节的答案不是任务本身的性质。**自己的标签越多，别人的帮助越小，拥挤的代价也越小。而且，曲线走平了，损失才算损失。**
#
# ## 7 · 八个里面最好的
#
# 假设你的时间只够每个方案训练一个种子。你会把八个方案都训练一遍，看 `person` 在验证集上的得分，挑最好的。五个人都这样做，各用各的种子，记下胜出的方案和它胜出时的得分；旁边是同一方案在另外四个种子下的得分。
#
# **先预测。** 方案胜出时的得分，平均比它在其他种子下的得分高几个百分点？

# %%
luck = lesson.predict_first(points=...)
luck

# %%
by_plan = pd.DataFrame({name: values["person"] for name, values in eight.items()})
winners = by_plan.idxmax(axis=1)
won_with = by_plan.max(axis=1)
afterwards = pd.Series({seed: by_plan[w].drop(seed).mean() for seed, w in winners.items()})
pd.DataFrame(
    {
        "winner | 胜出的方案": winners,
        "won with | 胜出时的得分": won_with.round(1),
        "same plan, other seeds | 同一方案，其他种子": afterwards.round(1),
    }
)

# %%
surplus = won_with - afterwards
luck.compare(points=surplus.mean())

# %% [markdown] lang="en"
# The five do not agree on the winner. And on average the winner did some points better in the race than it does afterwards; look for the largest gap in the table. (It need not be so in every row: the seed also decides which 60 labels are kept, and a poor draw pulls all plans down, the winner too; on the Chinese corpus two rows of five go the other way. The mean is what counts.)
# Nobody has cheated. The best of eight is the best partly because it is good and partly because it was lucky this time, and the luck does not come along. This is the **winner's curse**: the more candidates, and the larger the spread, the more of a winning score is luck. So a score by which something was chosen is no longer a measure of how good it is.
#
# Two remedies. Choose by the mean over several seeds, where luck evens out. And judge what has been chosen on data that had no part in the choice. For this the test part is in the drawer.
#
# ## 8 · The drawer is opened, once
#
# Ten plans have been compared by now, all on validation. The goal of section 5 decides: help `person`, harm nobody. *Embedding only* and the pair that shares the words both gain; but of the pair we know beforehand that it costs `sentiment` and `ner` nothing. It is our choice, as long as we can afford its parameters. (If you would choose otherwise, put your choice into the cell below now, not afterwards.)
#
# Each run was measured on the test part once, after its last step. None of these scores has been shown so far.
#
# **Predict.** On test and beside the control: how many points for `person`, and how many for `relation`?

# %% [markdown] lang="zh"
# 五个人选出的方案并不一致。而且平均看来，胜出者比赛时的得分，比它事后的得分高出几个百分点；请在表里找出差距最大的一个。（有几行正好相反：种子还决定保留哪 60 个标签；抽得差，所有方案都跟着差，连胜出的也不如它在别的种子下。要看的是平均。）
# 谁也没有作弊。八个里面最好的那个，一半是因为它好，一半是因为这次运气好，而运气是带不走的。这叫**赢家诅咒**（winner's curse）：候选越多，波动越大，胜出的得分里运气的成分就越多。所以，用来挑选的那个得分，不能再拿来衡量选中的方案有多好。
#
# 补救的办法有两条。一是按几个种子的平均来选，好运坏运就互相抵消。二是用没有参与挑选的数据来评判选中的方案：抽屉里的测试集，就是留着做这个用的。
#
# ## 8 · 打开抽屉，只开一次
#
# 到现在为止，我们比较了十个方案，全在验证集上。取舍看第 5 节的目标：帮助 `person`，谁也不伤害。“只共享嵌入层”和只让一对任务共享嵌入层，都有提高；但后者对 `sentiment` 和 `ner` 没有任何代价，这是事先就知道的。只要参数负担得起，我们就选它。（如果你另有选择，请现在就写进下面的单元格，不要等看了结果再改。）
#
# 每次训练只在最后一步之后在测试集上量过一次，这些得分至今还没有露过面。
#
# **先预测。** 在测试集上，和对照相比：`person` 变化多少个百分点？`relation` 呢？

# %%
verdict = lesson.predict_first(person=..., relation=...)
verdict

# %%
final = pair(PAIRED["words"], split="test")
# or: scores(PRESETS["embedding only"](TASKS), split="test") | 或者：scores(PRESETS["embedding only"](TASKS), split="test")
held = scores(PRESETS["separate"](TASKS), split="test")
verdict.compare(**(final - held)[["person", "relation"]].mean())

# %%
known = look_up(Settings(PRESETS["separate"](TASKS), LANGUAGE, labels=POOR)).baselines
single = 100 * pd.DataFrame(
    {t: {r.header["seed"]: r.final("test")[t] for r in known[t]} for t in TASKS}
)
against = {"separate": held, "single task": single}
tested = {}
for name, base in against.items():
    for task in TASKS:
        tested[f"{task} − {name}"] = paired_difference(final[task] / 100, base[task] / 100)
tested = holm(tested)
plots.differences(tested, language=LANGUAGE)

# %% [markdown] lang="en"
# The gain of `person` is what it was on validation, give or take a few points, and its interval leaves out 0 in either comparison. The winner's curse has left hardly a trace, and that is no luck: few candidates, judged by the mean over five seeds, and a gain more than twice as large as the reach of its interval. With fifty candidates and one seed each it might have looked different.
#
# How to report it: "Sharing the embedding with `relation` raised `person` (60 labels) by so many points (95 % interval over five seeds) on test, after 2,400 steps, beside the same training without sharing; chosen among ten plans on validation." Strike out any part of this sentence, and it means less.
#
# ## 9 · What do you believe now, and how sure are you?
#
# How far does the answer of section 4 carry? One step can be taken at once, along the same curves: what the others lost depended on the budget, and much of it was gone after 2,400 steps. Is that so of what `person` gains? The effect of each level on `person` with 60 labels:

# %% [markdown] lang="zh"
# `person` 的提高和验证集上的相差不过几个百分点，而且在两种比较中区间都不含 0。赢家诅咒几乎没有留下痕迹，这并非侥幸：候选不多，按五个种子的平均来选，提高的幅度又超过区间半宽的两倍。要是五十个候选、各一个种子，情形也许就不同了。
#
# 写报告时可以这样写：“和 `relation` 共享嵌入层，使 `person`（60 个标签）在测试集上提高了若干个百分点（五个种子的 95% 置信区间），训练 2400 步，比较的对象是除不共享外完全相同的训练；方案是在验证集上从十个当中选出的。”这句话里去掉任何一部分，分量都会减轻。
#
# ## 9 · 现在你相信什么，有多大把握？
#
# 第 4 节的答案能推多远？有一步马上就能走，就在同样的曲线上：别的任务丢多少，取决于步数，走到 2400 步，大半已经补回来了。`person` 提高多少，也取决于步数吗？只有 60 个标签时，各个层级对 `person` 的效应是：

# %%
elsewhere = {}
for epochs in (6, 24):
    elsewhere |= judged(all_eight(epochs=epochs), "person", f"{100 * epochs}")
elsewhere = holm(elsewhere)
plots.differences(elsewhere, language=LANGUAGE)

# %% [markdown] lang="en"
# It is not. The words bring 25 points after 600 steps and 23 after 2,400, and the encoders take back as much then as now. With 60 sentences `person` has learned early what it can; it is the others that need the time. (And on the Chinese corpus the words lead as well.)
# Further the evidence does not reach. All of it comes from sentences of one grammar, in which `person` and `relation` hang on the same words by design; from convolutions of 32 units; from one learning rate.
#
# Now write down what *you* believe. Double-click on this table and fill it in: which figure of which section is the evidence, and how sure are you, from 0 (certainly false) over 0.5 (no idea) to 1 (certainly true)?
#
# | claim | evidence | how sure |
# |---|---|---|
# | A. With 60 labels, sharing the words helps `person`. | | |
# | B. Sharing an encoder on top of the words helps `person` further. | | |
# | C. A task that keeps one level for itself is not harmed. | | |
# | D. The diet of mixed batches helps `person`. | | |
# | E. With 2,000 labels of `person`, sharing everything is harmless. | | |
# | F. On the data of my own work it would be the same. | | |
#
# Then compare with somebody else's. One of the claims is true for `person` and false for another task. For one the experiment leaves it open, and 0.5 or a little more is the right answer. About F nothing on this page says anything: what you can carry over is not the answer but the way to ask.

# %% [markdown] lang="zh"
# 不。共享嵌入层，600 步时带来 23 个百分点，2400 步时 21 个；`encoder_2` 拿回去的，前后也差不多。`person` 只有 60 个句子，能学的早早就学到了；需要时间的是别的任务。（打开另一种语言的笔记本，领先的同样是嵌入层。）
# 再往外，证据就够不着了。这一切都来自同一套语法生成的句子，其中 `person` 和 `relation` 是有意设计成看同样的词的；来自 32 个单元的卷积；来自同一个学习率。
#
# 现在请写下**你**相信什么。双击这张表，把它填好：证据是哪一节的哪个数字？你有多大把握？0 表示肯定不对，0.5 表示说不准，1 表示肯定对。
#
# | 说法 | 证据 | 把握 |
# |---|---|---|
# | A. 只有 60 个标签时，共享嵌入层对 `person` 有帮助。 | | |
# | B. 在此之上再共享编码器，对 `person` 更有帮助。 | | |
# | C. 一个任务只要给自己留一个层级，就不会受害。 | | |
# | D. 混合批次的伙食对 `person` 有好处。 | | |
# | E. `person` 有 2000 个标签时，全部共享也没有害处。 | | |
# | F. 换成我自己工作中的数据，也会如此。 | | |
#
# 填好以后，和别人的比一比。其中有一条，对 `person` 成立，对另一个任务不成立。有一条，实验没有给出定论，填 0.5 或略高一点才对。至于 F，这一页上没有任何东西能说明它：能带走的不是答案，而是提问的方法。

# %% [markdown] lang="en"
# ## In five lines
#
# 1. A comparison answers the question in which its two sides differ, and no other; before you credit sharing, compare with a control that shares nothing.
# 2. With 60 labels the words bring `person` 20 to 30 points; encoders on top of them bring nothing that five seeds would let us see.
# 3. Mean effects hide interactions: what sharing costs `ner` sits in one plan out of eight. And slower is not worse: most of that loss after 600 steps was gone after 2,400.
# 4. "We cannot tell" is not "no loss"; a plan can exclude a loss, by who shares with whom.
# 5. The best of several is partly the luckiest: choose on validation by the mean over seeds, report on test, once.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | control | a run that has everything but the thing in question |
# | effect (of a level) | mean score of the plans that share it, minus that of the plans that do not |
# | factorial design | every combination of the choices is tried, so that each effect can be read off |
# | interaction | the effect of one choice depends on another |
# | crowding | what sharing a layer costs a task because others use it too; here read off by sharing the encoders on top of shared words |
# | winner's curse | what was chosen for its score has, on average, a worse one the next time |
#
# ## Further reading
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997), 41–75. Read it for its controls: does an extra task help by what it knows, or merely by being there?
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing*. ICML (2008). Six tasks share the table of word vectors; the other layers may be each task's own. Section 4 has found why that was wise.
# - A. Søgaard, Y. Goldberg: *Deep multi-task learning with low level tasks supervised at lower layers*. ACL (2016), 231–235. Not every task should use the whole trunk; the lab's preset *ner low* comes from here, and lesson 06 looks at it.
# - S. Ruder: *An Overview of Multi-Task Learning in Deep Neural Networks*. arXiv:1706.05098 (2017). Between all and nothing: what has been tried.
# - J. Yosinski, J. Clune, Y. Bengio, H. Lipson: *How transferable are features in deep neural networks?* NIPS (2014). Level by level, from general to specific, in networks that see.
# - G. Cawley, N. Talbot: *On Over-fitting in Model Selection and Subsequent Selection Bias in Performance Evaluation*. JMLR 11 (2010), 2079–2107. The winner's curse, thoroughly.
# - G. Box, J. S. Hunter, W. Hunter: *Statistics for Experimenters*. 2nd edition, Wiley (2005). Factorial designs, effects, interactions.
#
# Next: **lesson 05**, encoders: what is there to share?

# %% [markdown] lang="zh"
# ## 五句话小结
#
# 1. 一种比较只能回答双方差别所在的那个问题；把功劳记给共享之前，先和什么都不共享的对照比。
# 2. 只有 60 个标签时，共享嵌入层给 `person` 带来 20 多个百分点；在此之上再共享编码器，五个种子看不出好处。
# 3. 平均效应会掩盖交互作用：共享让 `ner` 付出的代价，几乎全在八个方案中的一个里。而且慢不等于差：600 步时的那份损失，到 2400 步大半已经没有了。
# 4. “无法判断”不等于“没有损失”；而谁和谁共享，可以让一个方案从根本上排除损失。
# 5. 几个里面最好的，一部分是运气最好的：在验证集上按种子平均来选，在测试集上报告，只用一次。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 对照（control） | 除了要考察的那一样，其余全都有的训练 |
# | 效应（effect） | 共享某个层级的方案的平均得分，减去不共享它的方案的平均得分 |
# | 析因设计（factorial design） | 各种选择的每一种组合都试，从而能读出每个选择的效应 |
# | 交互作用（interaction） | 一个选择的效应取决于另一个选择 |
# | 拥挤（crowding） | 一层有别的任务同用，一个任务因此付出的代价；这里的量法是在共享嵌入层之上再共享编码器 |
# | 赢家诅咒（winner's curse） | 因得分而入选的，下一次的得分平均要差一些 |
#
# ## 延伸阅读
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997), 41–75. 值得一读的是其中的对照：附加的任务有用，是因为它懂得什么，还是仅仅因为它在场？
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing*. ICML (2008). 六个任务共用词向量表，其他层可以各用各的；这样做为什么明智，第 4 节已经看到。
# - A. Søgaard, Y. Goldberg: *Deep multi-task learning with low level tasks supervised at lower layers*. ACL (2016), 231–235. 不是每个任务都该用到整条主干；实验室里的“ner 提前离开”就出自这里，第 06 课会讲到。
# - S. Ruder: *An Overview of Multi-Task Learning in Deep Neural Networks*. arXiv:1706.05098 (2017). 全部共享和互不共享之间，人们都试过什么。
# - J. Yosinski, J. Clune, Y. Bengio, H. Lipson: *How transferable are features in deep neural networks?* NIPS (2014). 在看图的网络里，从通用到专用，一层一层地量。
# - G. Cawley, N. Talbot: *On Over-fitting in Model Selection and Subsequent Selection Bias in Performance Evaluation*. JMLR 11 (2010), 2079–2107. 把赢家诅咒讲透了。
# - G. Box, J. S. Hunter, W. Hunter: *Statistics for Experimenters*. 2nd edition, Wiley (2005). 析因设计、效应、交互作用。
#
# 下一课：**第 05 课**，编码器：有什么可以共享？
