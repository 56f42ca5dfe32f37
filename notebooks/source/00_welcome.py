# %% [markdown] lang="en"
# # Lesson 00 · Welcome
#
# **Does my machine work, and what will I be able to do?**
#
# After this lesson you can
#
# 1. tell whether your machine is ready for the course, and what to do if it is not;
# 2. train one model that answers four questions about a sentence, and find the words on which each answer hangs;
# 3. look at a model's mistakes before you believe its score.
#
# *Reading: 25 minutes. Exercises: 20 minutes. All cells together run in under 40 seconds and need less than 0.8 GB of memory.
# You need some Python. What a neural network does inside is the matter of the lessons that follow.*

# %% [markdown] lang="zh"
# # 第 00 课 · 欢迎
#
# **我的机器能用吗？学完这门课，我能做什么？**
#
# 学完本课，你能够
#
# 1. 判断自己的机器是否准备就绪，没有就绪时知道怎么办；
# 2. 训练一个模型，让它就一个句子回答四个问题，并找出每个回答靠的是哪些词；
# 3. 在相信一个分数之前，先去看看模型错在哪里。
#
# *阅读约 25 分钟，练习约 20 分钟。全部单元格运行不到 40 秒，内存不到 0.8 GB。
# 会一点 Python 就行；神经网络里面怎么运作，后面几课再讲。*

# %% tags=["language"]
LANGUAGE = "en"

# %% [markdown] lang="en"
# ## 1 · Does your machine work?
#
# You are reading a *notebook*: text like this, and cells of code. Click on a cell of code and press **Shift + Enter**: it runs, its result appears below it, and the next cell is selected.
# Go from top to bottom; a cell uses what the cells above it have made. If things get into a muddle, choose *Kernel → Restart Kernel and Run All Cells* in the menu. Everything runs where the notebook was started, on your own computer or on Binder's; what you type is sent nowhere else.
#
# Run the cell above, which fixes the language of all messages, and then this one.

# %% [markdown] lang="zh"
# ## 1 · 你的机器能用吗？
#
# 你正在读的是一个**笔记本**（notebook）：有这样的文字，也有一格一格的代码，叫单元格。点一下代码单元格，按 **Shift + Enter**：它就运行，结果出现在下面，并选中下一格。
# 请从上到下依次运行，因为后面的单元格要用前面的结果。万一弄乱了，就在菜单里选 *Kernel → Restart Kernel and Run All Cells*（重启内核并运行全部单元格）。笔记本在哪里启动，一切就在哪里运行：你自己的电脑，或者 Binder 的机器；你输入的内容不会再传到别处。
#
# 先运行上面那一格（它规定所有提示用哪种语言），再运行下面这一格。

# %%
from mtl_tutorial import environment, exercises

lesson = exercises.lesson("00", LANGUAGE)
environment.check(LANGUAGE)

# %% [markdown] lang="en"
# The table compares what the course asks for with what is installed. Where something does not fit, the line to run stands below the table.
# If instead of a table you see `No module named 'mtl_tutorial'`, the notebook runs in another Python than the one into which the course was installed: start it with `make lab`, or choose the right one under *Kernel → Change Kernel*.

# %% [markdown] lang="zh"
# 这张表把课程的要求和已安装的东西逐项对照。哪一项不合要求，表下面就写着该运行哪一行命令。
# 如果出现的不是表，而是 `No module named 'mtl_tutorial'`，说明笔记本用的 Python 不是安装课程的那一个：请用 `make lab` 启动，或者在 *Kernel → Change Kernel*（更换内核）里选对。

# %% [markdown] lang="en"
# ## 2 · How a lesson works
#
# Every lesson asks a question, has you **predict** the answer, runs the experiment, and compares. Do write your prediction down, even if it is a mere guess: those who have committed themselves notice when they are wrong, and remember why.
# In between there are **exercises** that check themselves. The first is tiny, and for practice.
#
# ### Exercise 1 · `chance`
#
# Suppose you have to tell, for 1,000 sentences, who the person spoken of is to the speaker: *family, friend, work, school, neighbor* or *service* (somebody who cuts hair, say, or fixes cars). All six are about equally frequent. But the sentences are in a language that you cannot read, so you roll a die each time. What share of your answers will be right? Put a number between 0 and 1 in place of `...`, run the cell, and then the one below it.
#
# To see a hint, delete the `#` at the beginning of its line and run the cell again; each time there is another one.

# %% [markdown] lang="zh"
# ## 2 · 一课是怎么上的
#
# 每一课都先提问题，请你**预测**（predict）答案，再做实验，最后对照。请务必把预测写下来，哪怕只是猜：表过态的人才会发现自己错了，并且记住错在哪里。
# 中间还有能自动检查的**练习**。第一个很小，用来熟悉做法。
#
# ### 练习 1 · `chance`
#
# 给你 1000 个句子，要你说出每句所谈的人是说话人的什么人：*family*（家人）、*friend*（朋友）、*work*（工作上的人）、*school*（学校里的人）、*neighbor*（邻居），还是 *service*（提供服务的人，例如理发师）？六种大致一样多。可是这些句子用的是一种你不认识的文字，你只好每次掷一下骰子。你的回答有多大比例是对的？用一个 0 到 1 之间的数替换 `...`，运行这一格，再运行下面一格。
#
# 想看提示，就删掉那一行开头的 `#`，重新运行；每运行一次，出现下一条提示。

# %% tags=["exercise"] exercise="chance"
chance = ...

# %%
lesson["chance"].check(chance)
# lesson["chance"].hint()
# lesson["chance"].solution()

# %% [markdown] lang="en"
# ## 3 · One model, four questions
#
# Now the real thing. The course brings its own sentences, in which somebody talks about people and things. Four questions are put to each; such a question with its list of answers is called a **task**:
#
# | task | question | answers |
# |---|---|---|
# | `sentiment` | What is the verdict in the end? | negative, neutral, positive |
# | `person` | Who is the person spoken of, to the speaker? | family, friend, work, school, neighbor, service |
# | `relation` | What are the two people named to each other? | none, or one of these six |
# | `ner` | Which words name a person, a place, an organization, a product? | PER, LOC, ORG, PROD |
#
# The sentences, and the answers that belong to them, are loaded like this. The next cell takes some seconds, because TensorFlow is large.

# %% [markdown] lang="zh"
# ## 3 · 一个模型，四个问题
#
# 下面进入正题。课程自带一批句子，句中总有一个人在谈论别人和事物。对每个句子都提四个问题；一个问题连同它的答案清单，就叫一个**任务**（task）：
#
# | 任务 | 问题 | 答案 |
# |---|---|---|
# | `sentiment` | 说话人最终是褒是贬？ | negative（贬）、neutral（中性）、positive（褒） |
# | `person` | 所谈的人是说话人的什么人？ | family、friend、work、school、neighbor、service |
# | `relation` | 提到名字的两个人是什么关系？ | none（没有关系），或上面六种之一 |
# | `ner` | 哪些字是人名、地名、机构名、产品名？ | PER、LOC、ORG、PROD |
#
# 下面读入这些句子和它们的答案。这一格要等几秒，因为 TensorFlow 很大。

# %%
import pandas as pd

from mtl_tutorial import SharingPlan, build_model, people, plots, predict, tokenize, train

pd.options.display.max_colwidth = None  # tables show whole sentences | 表格显示完整的句子
data = people.load(LANGUAGE)
{name: len(split) for name, split in data.splits.items()}

# %% [markdown] lang="en"
# And this is the model. Read the picture from the bottom: `embedding` turns words into numbers, and all four tasks share it. Above it, `person` and `relation` share two more layers; the other two tasks have their own. At the top each task has a **head** that gives its answer. The figures count what is to be learned.
#
# Who shares which layer is written as a `SharingPlan`. *Which* plan is good, for whom, and why, is what this course is about; take this one as given for today.

# %% [markdown] lang="zh"
# 模型是这样的。图要从下往上看：`embedding`（嵌入层）把词变成数，四个任务共用它；再往上，`person` 和 `relation` 还共用两层，另外两个任务各用各的；最上面，每个任务有一个给出答案的**头**（head）。图中的数字是要学习的参数（parameter）个数。
#
# 谁和谁共用哪一层，写成一份**共享方案**（sharing plan），在程序里就是 `SharingPlan`。**哪种**方案好、对谁好、为什么，正是这门课要讲的；今天先用这一个。

# %%
tasks = ["sentiment", "person", "relation", "ner"]
groups = [["sentiment"], ["person", "relation"], ["ner"]]
plan = SharingPlan({"embedding": [tasks], "encoder_1": groups, "encoder_2": groups})
model = build_model(data, plan, embedding_dim=32, units=32)
plots.sharing_diagram(plan, model.parameters(), language=LANGUAGE)

# %% [markdown] lang="en"
# Put a sentence to it. The function `sentence_html` asks the model, marks the names that `ner` finds, and draws how sure the model is of the other answers.

# %% [markdown] lang="zh"
# 拿一个句子问问它。函数 `sentence_html` 把句子交给模型，标出 `ner` 找到的名字，并画出模型对其他回答有多大把握。

# %%
from IPython.display import HTML, display

from mtl_tutorial.widgets.sentence_box import SentenceBox, sentence_html

sentence = {
    "en": "My aunt told Laura Kellerby and her landlord Peter about the Bashful Radish Bistro; it is definitely lovely.",
    "zh": "我表姐给苗琳和她的房东祝敏回信说，江尾巴面馆非常靠谱。",
}[LANGUAGE]
HTML(sentence_html(model, sentence, LANGUAGE))

# %% [markdown] lang="en"
# It has learned nothing yet; its answers come out of random numbers. Now it is shown the 6,000 training sentences with their answers, five times over; each pass is called an **epoch**. After every few sentences its numbers are changed a little, so that it would have been less wrong.
#
# **Predict.** What share of the `person` answers will be right on new sentences, at the start and at the end?

# %% [markdown] lang="zh"
# 它还什么都没学，回答是由随机的参数算出来的。现在让它把 6000 个训练句子连同答案看五遍，每看一遍叫一**轮**（epoch）。每看几十句，就把它的参数改一点，让它错得少一些。
#
# **先预测。** 遇到新句子，`person` 的回答在开始时和结束时各有多大比例是对的？

# %%
scores = lesson.predict_first(start=..., end=...)
scores

# %% [markdown] lang="en"
# Keep an eye on the sentence while the next cell runs: it is asked anew after each epoch, and the curves grow with it.

# %% [markdown] lang="zh"
# 下一格运行时，请盯着这个句子：每学完一轮，就重新问它一次，曲线也跟着变长。

# %%
answers, curves = display(display_id=True), display(display_id=True)


def look(run):
    answers.update(HTML(sentence_html(model, sentence, LANGUAGE)))
    curves.update(plots.learning_curves({"one model | 一个模型": run}, language=LANGUAGE))


run = train(model, data, epochs=5, batch_size=64, learning_rate=0.006, watch=look, progress=False)

# %%
person = run.curve("person")
scores.compare(start=person[0], end=person[5])

# %% [markdown] lang="en"
# In seconds, one model has learned four tasks. The thick lines are what counts: sentences that it has *not* learned from. `sentiment` begins near a third, `person` near a sixth, as you have worked out; `ner`, scored by the names that it finds whole (F1, lesson 02), begins near zero. At the end all four stand between 0.85 and 1.
# (This is one model with one seed. Another seed would end a little higher or lower; from lesson 02 on no comparison is made without that spread.)
#
# ## 4 · Type a sentence
#
# Now it is your turn. Type a sentence, or choose an example and change it.
#
# **Goal:** find a sentence to which all four answers are right, and one to which at least two are wrong.
#
# (Without a mouse: `predict(model, "...")` in a new cell gives the same as a table.)

# %% [markdown] lang="zh"
# 几秒钟，一个模型学会了四个任务。要看的是粗线：它们量的是模型**没有**学过的句子。`sentiment` 从三分之一左右起步，`person` 从六分之一左右起步，和你算的一样；`ner` 按完整找出的名字计分（F1，见第 02 课），从零附近起步。到最后，四个任务都在 0.85 到 1 之间。
# （这只是一个模型、一个随机种子（random seed）。换一个种子，结果会略高或略低；从第 02 课起，凡是比较都要给出这种波动。）
#
# ## 4 · 输入一个句子
#
# 现在轮到你了。输入一个句子，或者选一个例句来改。
#
# **目标：** 找一个四个回答全对的句子，再找一个至少答错两个的句子。
#
# （不用鼠标也行：新建一个单元格，运行 `predict(model, "...")`，会得到同样内容的一张表。）

# %%
examples = {
    "en": [
        sentence,
        "My boss told Gavin and his uncle Paul that the Linden Garden is nothing special.",
        "My dentist says that the Veltano One camera is a waste of money.",
        "My neighbor's cat sleeps all day.",
    ],
    "zh": [
        sentence,
        "我老板跟周强和他舅舅刘伟说，柳堤公园普普通通。",
        "我的牙医说，蓝蚁K9相机白白浪费钱。",
        "邻居家的猫整天睡觉。",
    ],
}[LANGUAGE]
SentenceBox(model, LANGUAGE, examples)

# %%
predict(model, sentence).round(2).T

# %% [markdown] lang="en"
# ### Exercise 2 · `flip`
#
# Find two sentences that differ in at most **two** words or marks (changed, added or left out), such that the model calls one positive and the other negative, *and gives the same answers to the other three tasks*. Ask the model about both at once and keep its table: `flip = predict(model, ["...", "..."])`.

# %% [markdown] lang="zh"
# ### 练习 2 · `flip`
#
# 找两个句子，它们最多相差**两个**词元（token：一个字、一个标点，或一串字母和数字；改动、增加或删去都算），模型却认为一褒一贬，**而另外三个任务的回答完全相同**。把两句一起交给模型，保留它给出的表：`flip = predict(model, ["...", "..."])`。

# %% tags=["exercise"] exercise="flip"
flip = ...

# %%
lesson["flip"].check(flip)
# lesson["flip"].hint()
# lesson["flip"].solution()

# %% [markdown] lang="en"
# ## 5 · On which words does an answer hang?
#
# One model gives all the answers, but does it look at the same words for all of them? Ask it by experiment: leave a word out, and see which answers change.
#
# **Predict.** We leave out *aunt*, then (instead) *landlord*, then *lovely*. Which task's answer changes each time? Write its name as text, such as `first="ner"`.

# %% [markdown] lang="zh"
# ## 5 · 一个回答靠的是哪些词？
#
# 所有回答都出自同一个模型，可是它回答不同的问题时，看的是同样的词吗？做个实验来问它：删掉一个词，看哪些回答会变。
#
# **先预测。** 第一次删掉“表姐”，第二次（放回“表姐”）删掉“房东”，第三次删掉“靠谱”。每一次，哪个任务的回答会变？写出任务名，要加引号，如 `first="ner"`。

# %%
hangs = lesson.predict_first(first=..., second=..., third=...)
hangs

# %%
words = {"en": ["aunt", "landlord", "lovely"], "zh": ["表姐", "房东", "靠谱"]}[LANGUAGE]
shorter = predict(model, [sentence, *(sentence.replace(word, "") for word in words)])
shorter.index = pd.Index(["–", *words], name="left out | 删去")
shorter[["sentiment", "sentiment p", "person", "person p", "relation", "relation p"]].round(2)

# %%
asked = ["sentiment", "person", "relation"]
labels = shorter[asked]
changed = [", ".join(labels.columns[labels.loc[word] != labels.loc["–"]]) for word in words]
hangs.compare(first=changed[0], second=changed[1], third=changed[2])

# %% [markdown] lang="en"
# Each word carries one answer and leaves the others alone. The four tasks read the same sentence, but in different places. (Behind every answer stands `p`, how probable the model holds it: it falls even where the answer stays. Two machines round differently, so on yours the third answer may stay; then its `p` has fallen by far.)
#
# By hand this is slow, so let us do it for every token. A *token* is what the model takes for one piece: a word or a mark.
#
# ### Exercise 3 · `drops`
#
# Write `drops(tokens, probability)`. It gets a list of tokens, and a function that tells how probable the answer is for such a list. It gives back a list, one number for each token: by how much the probability falls when this token, and no other, is left out.
#
# For instance, let `probability` give 0.9 if there is a `"good"` among the tokens, and 0.2 if not. Then `drops(["so", "good", "!"], probability)` is `[0, 0.7, 0]`.

# %% [markdown] lang="zh"
# 每个词只撑着一个回答，别的回答不受影响。几个任务读的是同一个句子，看的却是不同的地方。（每个回答后面的 `p` 是模型认为它正确的概率：有时回答没变，概率却降了。不同的机器舍入不同，所以在你的机器上，第三个回答也可能没变；那么它的 `p` 一定降了很多。）
#
# 一个词一个词地动手太慢，我们让程序对每个词元都做一遍。**词元**（token）就是模型眼里的一小块：中文里是一个字、一个标点，或一串字母和数字（如 K9）。
#
# ### 练习 3 · `drops`
#
# 请写 `drops(tokens, probability)`。它接收一个词元列表，以及一个函数：把词元列表交给这个函数，就得到回答的概率。返回一个列表，每个词元对应一个数：只删去这一个词元时，概率下降多少。
#
# 例如，设词元里有 `"good"` 时 `probability` 给出 0.9，没有时给出 0.2，那么 `drops(["so", "good", "!"], probability)` 是 `[0, 0.7, 0]`。


# %% tags=["exercise"] exercise="drops"
def drops(tokens, probability):
    return ...


# %%
lesson["drops"].check(drops)
# lesson["drops"].hint()
# lesson["drops"].solution()

# %% [markdown] lang="en"
# What you have written is called `leave_one_out` in the package (`mtl_tutorial/prediction.py`); it does it for all tasks at once. The darker, the more hangs on the token; falls that hardly count are left blank.

# %% [markdown] lang="zh"
# 你写的这个函数，在课程的包里叫 `leave_one_out`（在 `mtl_tutorial/prediction.py`），它一次处理所有任务。颜色越深，说明这个词元越要紧；几乎没有下降的留空。

# %%
from mtl_tutorial.prediction import leave_one_out

fall = leave_one_out(model, sentence)
shades = fall.style.hide().background_gradient(cmap="Blues", vmin=0, vmax=1)
shades.format(lambda drop: f"{drop:.2f}" if abs(drop) > 0.02 else "", subset=asked)

# %% [markdown] lang="en"
# `person` hangs on *My aunt*, `relation` on *landlord*, `sentiment` on *lovely*: to be found in three places, by layers of which some are shared. That `person` and `relation` both look for words such as *aunt* and *landlord* is why a course like this exists: what one task learns about them, the other may use.

# %% [markdown] lang="zh"
# `person` 靠的是“我表姐”，`relation` 靠的是“房东”，`sentiment` 靠的是“靠谱”：答案在三个不同的地方，找答案的层却有一部分是共用的。`person` 和 `relation` 找的都是“表姐”“房东”这类词，一个任务学会了，另一个任务也许就能用上。这门课就是从这里来的。

# %% [markdown] lang="en"
# ## 6 · Where does it fail, and why?
#
# A score of 95 % says nothing about the other 5 %. Let us read them. Here are 2,000 fresh sentences that nobody has seen, and the answers to `person` that do not agree with the label; of these, the eight of which the model is *surest*.
#
# Run the next cell and read its eight sentences. `person` is what the model says, `label` what was noted as the right answer.
#
# **Predict.** In how many of the eight is the *model* wrong? Fill in the number in the cell after it.

# %% [markdown] lang="zh"
# ## 6 · 它错在哪里，为什么？
#
# 95% 的分数，说明不了另外那 5%。我们来读一读。下面有 2000 个谁也没见过的新句子；挑出 `person` 的回答与**标签**（label）不一致的，再从中取模型**最有把握**的八句。
#
# 运行下一格，读一读这八句。`person` 一列是模型的回答，“标签”一列是当初记下的正确答案。
#
# **先预测。** 这八句里，有几句是**模型**错了？把数字填在再下一格。

# %%
fresh = pd.DataFrame(people.sample(2000, LANGUAGE, seed=1))
answer = predict(model, fresh["text"])
misses = answer[answer["person"] != fresh["person"]]
surest = misses.nlargest(8, "person p")[["text", "person", "person p"]]
surest = surest.join(fresh["person"].rename("label | 标签"))
left = [{"selector": "th, td", "props": "text-align: left"}]
surest.style.hide().format(precision=2).set_table_styles(left)

# %%
blame = lesson.predict_first(model_wrong=...)
blame

# %% [markdown] lang="en"
# Since these sentences are generated, the truth is known: the same sentences, this time without mistakes in the labels.

# %% [markdown] lang="zh"
# 这些句子是程序生成的，所以我们知道真相：下面是同样的句子，只是标签没有出错。

# %%
truth = pd.DataFrame(people.sample(2000, LANGUAGE, seed=1, noise=0))
wrong = answer["person"] != truth["person"]
blame.compare(model_wrong=int(wrong[surest.index].sum()))

# %% [markdown] lang="en"
# These eight were picked by how sure the model is, so they are no fair sample. Here are all its misses; and what the score of each task is, by the labels and in truth.

# %% [markdown] lang="zh"
# 这八句是按把握大小挑出来的，代表不了全部。下面统计所有不一致的句子，再看每个任务按标签算和按真相算各得多少分。

# %%
blamed = wrong.map({True: "model wrong | 模型错", False: "label wrong | 标签错"})
blamed = blamed.rename("all misses | 所有不一致的句子")
misses.groupby(blamed)["person p"].agg(["size", "mean"]).round(2)

# %%
by_label, in_truth = (answer[asked] == fresh[asked]).mean(), (answer[asked] == truth[asked]).mean()
pd.DataFrame({
    "right by the labels | 准确率，按标签": by_label,
    "right in truth | 准确率，按真相": in_truth,
}).round(3)

# %% [markdown] lang="en"
# **First cause: the label is wrong.** In most of the eight, the model is right and the label is not. About 3 % of the labels in this corpus are wrong on purpose, because people who annotate make mistakes too: in ten much-used test sets, at least 3.3 % of the labels on average were found to be wrong (Northcutt et al. 2021). The model is better than its score says.
# And where it is really wrong, it is less sure on average (`mean`).
#
# **Second cause: a new word.** Some words of the fresh sentences are not in the model's vocabulary. How much does that cost?
#
# **Predict.** Which of the three tasks suffers most from a word that the model does not know?

# %% [markdown] lang="zh"
# **第一种原因：标签错了。** 这八句里大多是模型对、标签错。本语料（corpus）约有 3% 的标签是故意弄错的，因为真人标注也会出错：有人查过十个常用的测试集，平均至少 3.3% 的标签有误（Northcutt 等 2021）。模型其实比它的分数更好。
# 而真正答错的时候，它的把握平均要小一些（`mean` 一列）。
#
# **第二种原因：遇到未登录词元**（unknown token）。新句子里有些字不在模型的词表（vocabulary）中。这要付出多大代价？
#
# **先预测。** 句子里有模型不认识的字时，三个任务中哪个吃亏最大？

# %%
loser = lesson.predict_first(suffers_most=...)
loser

# %%
known = set(model.vocabulary.tokens)
new = fresh["text"].map(lambda text: not known.issuperset(tokenize(text)))
new = new.rename("new word | 含未登录词元")
right = (answer[asked] == truth[asked]).astype(float)
print(new.sum(), "sentences with a new word | 个句子含未登录词元")
right.groupby(new).agg(["mean", "sem"]).round(3)

# %%
by_new = right.groupby(new).mean()
loser.compare(suffers_most=(by_new.loc[False] - by_new.loc[True]).idxmax())

# %% [markdown] lang="en"
# `sem` is the standard error: how far a mean may be off just because there are so few sentences. `sentiment` loses between 10 and 25 **points** (a point is a hundredth of the score: from 0.9 to 0.7 is 20 points), several times that error; `person` loses a few, and `relation` nothing to speak of. The reason lies in the words: in this corpus new words mostly stand in the opinion, and seldom where the other two tasks look (section 5); those that do belong to a description, such as "who delivers my mail".
#
# **Third cause: the question makes no sense.** Who is the person spoken of in these two sentences?

# %% [markdown] lang="zh"
# `sem` 是标准误（standard error）：光是因为句子少，平均值就可能偏差这么多。`sentiment` 下降三四十个**百分点**（percentage point，简称 point：从 0.9 到 0.6 就是下降 30 个百分点），是标准误的好多倍；`person` 和 `relation` 基本没有损失。道理在于它们的位置：这个语料里，未登录的字大多出现在评价的话里，很少落在另外两个任务要看的地方（见第 5 节）。
#
# **第三种原因：问题本身不成立。** 下面两句所谈的人，是说话人的什么人？

# %%
odd = {
    "en": ["It will rain tomorrow.", "My car is old."],
    "zh": ["明天会下雨。", "我爱北京。"],
}[LANGUAGE]
predict(model, odd)[["text", "person", "person p"]].round(2)

# %% [markdown] lang="en"
# There is no person, but the model has no answer "nobody": the probabilities of its six answers always add up to 1. For the rain they are nearly equal, and a low `p` is a warning. For the car it is quite sure, and wrong. Where does it get that from? Let us look at what it was taught.

# %% [markdown] lang="zh"
# 句子里没有谈到谁，可是答案里没有“无此人”一项：六个答案的概率加起来总是 1。说下雨那句，六个概率差不多，`p` 低就是一个警告。说北京那句，它却相当有把握，而且错了。它是从哪里学来的？看看我们教过它什么。

# %%
word = {"en": "car", "zh": "爱"}[LANGUAGE]
rows = [i for i, tokens in enumerate(data["train"].tokens) if word in tokens]
names = pd.Series(data.tasks["person"].labels)
names[data["train"].targets["person"][rows]].value_counts()

# %% [markdown] lang="en"
# In training, *car* stood in a handful of sentences, and always in "who fixes my car": a mechanic, *service* (where the label says otherwise, it is one of the wrong ones). The model has not learned what a car is, nor what a person is. It has learned which words go with which label, in these sentences. That is worth remembering whenever a score is high.

# %% [markdown] lang="zh"
# 训练句子里的“爱”多半出现在“爱人”中，而爱人属于 *family*。模型并没有学会什么是爱，也不知道什么是人；它学会的，只是在这些句子里，哪些字常和哪个标签在一起。以后看到很高的分数，请想起这一点。

# %% [markdown] lang="en"
# ## 7 · What you will be able to do
#
# You took a plan as given. At the end of the course you will choose it: know which tasks help each other, measure by how much, and tell a difference from noise. Lessons **00 to 04** and **12** are there; the others are in the making.
#
# | lesson | question |
# |---|---|
# | **00** Welcome | Does my machine work, and what will I be able to do? |
# | **01** [Tasks and data](01_tasks_and_data.ipynb) | What is a task? What do the labels look like, which are missing? |
# | **02** [Single-task baselines](02_single_task_baselines.ipynb) | How well does one model for each task do? |
# | **03** [Hard sharing](03_hard_sharing.ipynb) | What changes when the tasks share layers? |
# | **04** [What to share](04_what_to_share.ipynb) | Which layers should be shared? (Here you do it by hand, in the Sharing Lab.) |
# | 05 Encoders | What is there to share in other networks? |
# | 06 Depth and cascades | Should an easier task be taught further down? |
# | 07 Balancing losses | Whose loss is loudest? |
# | 08 Conflicting gradients | What if two tasks pull a layer apart? |
# | 09 When does it help? | Gain and harm at will; is it noise? |
# | 10 Soft sharing | What lies between all and nothing? |
# | 11 Generation | Can a language model be a task? |
# | **12** [Real data](12_real_data.ipynb) | Does it hold on other people's data, beside published tables? |
# | 13 Scaling out | A hundred runs: how? |
# | 14 Your own tasks | And with my data? |

# %% [markdown] lang="zh"
# ## 7 · 学完以后你能做什么
#
# 今天的方案是现成的。学完这门课，方案由你来选：你会知道哪些任务能互相帮助，量得出帮了多少，也分得清差别和噪声。**第 00 到 04 课**和**第 12 课**已经写好，其余的还在写。
#
# | 课 | 问题 |
# |---|---|
# | **00** 欢迎 | 我的机器能用吗？学完我能做什么？ |
# | **01** [任务与数据](01_tasks_and_data.ipynb) | 什么是任务？它的标签是什么样的，又缺了哪些？ |
# | **02** [单任务基线](02_single_task_baselines.ipynb) | 每个任务各用一个模型，能做到多好？ |
# | **03** [硬共享](03_hard_sharing.ipynb) | 让任务共用层，会有什么变化？ |
# | **04** [共享什么](04_what_to_share.ipynb) | 哪些层应该共享？（在“共享实验室”里亲手试。） |
# | 05 编码器 | 换一种网络，有什么可以共享？ |
# | 06 深度与级联 | 容易的任务是不是该在较低的层上监督？ |
# | 07 平衡损失 | 谁的损失嗓门最大？ |
# | 08 冲突的梯度 | 两个任务把一层往两边拉，怎么办？ |
# | 09 何时有用 | 想让它帮忙就帮忙，想让它添乱就添乱；差别是不是噪声？ |
# | 10 软共享 | 全共享和不共享之间还有什么？ |
# | 11 生成 | 语言模型也能算一个任务吗？ |
# | **12** [真实数据](12_real_data.ipynb) | 换成别人的数据，和论文里的表放在一起，还成立吗？ |
# | 13 扩大规模 | 要跑一百次，怎么跑？ |
# | 14 你自己的任务 | 换成我的数据呢？ |

# %% [markdown] lang="en"
# ## In five lines
#
# 1. A task is a question with a list of answers; one model can answer several questions about the same sentence.
# 2. Layers may be shared by all tasks, by some, or by none; who shares what is written as a plan.
# 3. Each answer hangs on words of its own; leaving words out shows which.
# 4. Read the mistakes: some are the label's, some come from new words, some from questions that make no sense.
# 5. Predict first, run, compare; and check what you have written.
#
# **Glossary.** *Task*: a question and its list of answers. *Label*: the right answer, as it was noted. *Token*: what the model takes for one piece of a sentence. *Layer*: a step of the computation, with numbers that are learned. *Head*: the last layer of a task, which gives its answer. *Plan*: who shares which layer. *Training*: showing sentences with their labels, and changing the numbers a little each time. *Validation*: sentences kept apart, to see how well it does on what it has not learned from. *Standard error*: how far a mean may be off by chance.
#
# **Further reading.**
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997). Where it began.
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing*. ICML (2008). One network, many tasks on a sentence.
# - C. G. Northcutt, A. Athalye, J. Mueller: *Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks*. NeurIPS Datasets and Benchmarks (2021). The wrong labels of famous test sets.
# - J. Li, W. Monroe, D. Jurafsky: *Understanding Neural Networks through Representation Erasure*. arXiv:1612.08220 (2016). Leaving out, done thoroughly.
# - C. Crouch, A. P. Fagen, J. P. Callan, E. Mazur: *Classroom Demonstrations: Learning Tools or Entertainment?* American Journal of Physics 72 (2004). Why to predict first.
#
# Next: [**Lesson 01** · Tasks and data](01_tasks_and_data.ipynb).

# %% [markdown] lang="zh"
# ## 五句话小结
#
# 1. 任务就是一个问题加一份答案清单；一个模型可以就同一个句子回答几个问题。
# 2. 一层可以由所有任务共用、部分任务共用，或者谁也不共用；怎么共用，写成方案。
# 3. 每个回答靠的是各自的词；把词删掉试试，就知道是哪些。
# 4. 要去读模型的错误：有的是标签错了，有的是遇到未登录词元，有的是问题本身不成立。
# 5. 先预测，再运行，再对照；写好的答案，用 `check` 检查。
#
# **术语。** **任务**（task）：一个问题和它的答案清单。**标签**（label）：记录下来的正确答案。**词元**（token）：模型眼里句子的一小块。**层**（layer）：计算的一步，里面的数是学出来的。**头**（head）：一个任务的最后一层，给出它的回答。**方案**（plan）：谁共用哪一层。**训练**（training）：让模型看带标签的句子，每次把那些数改一点。**验证**（validation）：留出一些句子不学，用来看模型在没学过的句子上做得怎样。**标准误**（standard error）：平均值因偶然可能偏差多少。
#
# **延伸阅读。**
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997). 多任务学习由此开始。
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing*. ICML (2008). 一个网络，就一个句子做许多任务。
# - C. G. Northcutt, A. Athalye, J. Mueller: *Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks*. NeurIPS Datasets and Benchmarks (2021). 著名测试集里的错标签。
# - J. Li, W. Monroe, D. Jurafsky: *Understanding Neural Networks through Representation Erasure*. arXiv:1612.08220 (2016). 把“删掉试试”做得很彻底。
# - C. Crouch, A. P. Fagen, J. P. Callan, E. Mazur: *Classroom Demonstrations: Learning Tools or Entertainment?* American Journal of Physics 72 (2004). 为什么要先预测。
# - 阿斯顿·张、李沐、扎卡里·C. 立顿、亚历山大·J. 斯莫拉：《动手学深度学习》，人民邮电出版社（PyTorch 版，2023；网上版 zh.d2l.ai）。还没有见过神经网络的，可以边学边查。
#
# 下一课：[**第 01 课** · 任务与数据](01_tasks_and_data.ipynb)。
