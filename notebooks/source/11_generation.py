# %% [markdown] lang="en"
# # Lesson 11 · Generation
#
# **Can a language model be a task?**
#
# After this lesson you can
#
# 1. write labels into sentences as tokens, so that one language model learns p(label, text), and let it write for a label you choose;
# 2. compute the perplexity of text, of labels and of both, and turn a model that writes into one that classifies;
# 3. judge written sentences beside real ones, and say whether a task that needs no labels helps one that has few.
#
# *Reading: 45 minutes. Exercises: 30 minutes. All cells together run in under 75 seconds and need less than 1.6 GB of memory.
# It builds on lesson 03 (plans, controls) and lesson 07 (temperature, round robin).*

# %% [markdown] lang="zh"
# # 第 11 课 · 生成
#
# **语言模型也能当一个任务吗？**
#
# 学完本课，你能够
#
# 1. 把标签当作词元写进句子，让一个语言模型学会 p(标签, 句子)，再让它按你选的标签写句子；
# 2. 算出句子的、标签的、两者合在一起的困惑度，并把会写的模型变成会分类的模型；
# 3. 把写出来的句子和真句子放在一起评判，并说清一个不需要标签的任务能不能帮助标签很少的任务。
#
# *阅读约 45 分钟，练习约 30 分钟。全部单元格运行不到 75 秒，内存不到 1.6 GB。
# 需要先学第 03 课（方案、对照）和第 07 课（温度、轮流）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mtl_tutorial import (
    build_model,
    comparing,
    exercises,
    for_generation,
    generate,
    log_joint,
    people,
    perplexity,
    plots,
    predict,
    train,
)

# %%
from mtl_tutorial.lessons import finished, steering
from mtl_tutorial.lessons.lesson_11 import NAMES
from mtl_tutorial.runs import still_climbing
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.widgets.writing_box import WritingBox

lesson = exercises.lesson("11", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · Labels that cost nothing
#
# A **language model** says how probable a text is. It does so token by token, by the chain rule of probability:
#
# $$p(w_1, \dots, w_n) = \prod_t p(w_t \mid w_1, \dots, w_{t-1})$$
#
# So it is a task like tagging: for each token a label, and the label is *the next token*. Nobody has to annotate it; a text brings its labels along.
#
# A label of the sentence can be made part of the text. We write it in front, as one more token, with a begin before it and an end behind. Then the same product is the **joint** probability p(label, text) = p(label) · p(text | label). (Keskar et al. 2019 steer a large model in this way.)

# %% [markdown] lang="zh"
# ## 1 · 不花钱的标签
#
# **语言模型**（language model）回答的是：一段文字出现的可能性有多大。它按概率的链式法则，一个词元一个词元地算：
#
# $$p(w_1, \dots, w_n) = \prod_t p(w_t \mid w_1, \dots, w_{t-1})$$
#
# 所以它和序列标注一样，也是一个任务：每个词元一个标签，标签就是**下一个词元**。不必请人标注，文字自己就带着标签。
#
# 句子的标签也可以变成文字的一部分：当作一个词元写在最前面，它前面放一个开始标记，句末放一个结束标记。这样一来，同一个乘积就是**联合**概率 p(标签, 句子) = p(标签) · p(句子 | 标签)。（Keskar 等 2019 就是这样控制一个大模型的。）

# %%
data = people.load(LANGUAGE, ["sentiment"])
marked = for_generation(data, given=["sentiment"])
marked["train"].tokens[0]

# %%
inputs, targets = (part[0][:8] for part in (marked["train"].inputs, marked["train"].targets["lm"]))
name = marked.vocabulary.tokens
pd.DataFrame(
    {"reads | 读到": [name[i] for i in inputs], "is to tell | 要答": [name[i] for i in targets]}
)

# %% [markdown] lang="en"
# **Predict.** The corpus has 6,000 training sentences; in later comparisons `person` has 60 labels. How many labels does the language model have, roughly?

# %% [markdown] lang="zh"
# **先预测。** 语料有 6000 个训练句子；后面的比较里，`person` 只有 60 个标签。语言模型大约有多少个标签？

# %%
free = lesson.predict_first(labels=...)
free

# %%
labels = int((marked["train"].targets["lm"] >= 0).sum())
free.compare(labels=labels)

# %% [markdown] lang="en"
# ## 2 · The head by hand
#
# The head is a dense layer with one output for each token of the vocabulary. For three tokens with four features each, and a vocabulary of six:

# %% [markdown] lang="zh"
# ## 2 · 亲手写一个头
#
# 头就是一个全连接层，词表里每个词元一个输出。设有三个词元、每个四个特征，词表里有六个词元：

# %%
rng = np.random.default_rng(0)
h = rng.normal(size=(3, 4))  # what the trunk gives, [tokens, features] | 主干给出的，[词元, 特征]
kernel = rng.normal(size=(4, 6))  # [features, vocabulary] | [特征, 词表]
logits = h @ kernel
p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
p.round(2)

# %%
following = [5, 2, 0]  # the tokens that really come next | 真正的下一个词元
loss = -np.log(p[np.arange(3), following])
loss.round(2), loss.mean().round(2)

# %% [markdown] lang="en"
# That is all. The model of the course does the same; here is its head by hand, on a real sentence:

# %% [markdown] lang="zh"
# 就这么多。本课程的模型做的也是这个；下面在一个真句子上亲手算一遍它的头：

# %%
tiny = build_model(marked, encoder="transformer", units=16, embedding_dim=16)
head = tiny.get_layer("lm_head")
sentence = tf.constant(marked["valid"].inputs[:1])
below = keras.Model(tiny.input, head.input)(sentence).numpy()
by_hand = below @ head.kernel.numpy() + head.bias.numpy()
float(np.abs(by_hand - tiny(sentence)["lm"].numpy()).max())

# %% [markdown] lang="en"
# ## 3 · Who can see the label?
#
# The trunk under this head must be **causal**: what it gives at a token may depend on that token and those before it, never on what comes. Otherwise the answer lies before its eyes. So in a plan every level that the language model reads is causal, for *all* tasks that share it. Keep that in mind for section 6: `person` pays for it.
#
# Causal does not mean far-sighted. Our CNN has two layers, each looking at a token and the two before it. In a Transformer a token attends to all that came before, however far back.
#
# **Predict.** The mark stands at place 1. We exchange it for another and look at how the logits change, place by place. At how many places do they change in the CNN, and in the Transformer, in a sentence of 20 tokens or more?

# %% [markdown] lang="zh"
# ## 3 · 谁看得见标签？
#
# 这个头下面的主干必须是**因果**（causal）的：在一个词元处给出的东西，只能依赖它自己和它前面的词元，不能依赖后面的。不然答案就摆在眼前了。所以在方案里，语言模型读的每一个层级都是因果的，而且对**所有**共享它的任务都是如此。请记住这一点，第 6 节要用：`person` 要为此付出代价。
#
# 因果并不等于看得远。我们的 CNN 有两层，每层只看一个词元和它前面的两个。在 Transformer 里，一个词元可以注意到它前面的所有词元，不管多远。
#
# **先预测。** 标签标记在第 1 位。我们把它换成另一个，逐位看对数几率变了没有。在一个 20 个词元以上的句子里，CNN 有几个位置变了？Transformer 呢？

# %%
reach = lesson.predict_first(cnn=..., transformer=...)
reach

# %%
lengths = (marked["valid"].inputs != 0).sum(axis=1)
one = marked["valid"].inputs[[int((lengths >= 20).argmax())]]
one = one[:, : (one != 0).sum()]
other = one.copy()
other[0, 1] = 4 + (one[0, 1] - 3) % 3  # another of the three marks | 换成三个标记里的另一个


def moved(net):
    """Largest change of the logits at each place. | 每个位置上对数几率的最大变化。"""
    before, after = (net(tf.constant(ids))["lm"].numpy()[0] for ids in (one, other))
    return np.abs(after - before).max(axis=-1)


# %%
cnn = build_model(marked, encoder="cnn", units=16, embedding_dim=16)
changes = {"CNN": moved(cnn), "Transformer": moved(tiny)}
places = {encoder: int((change > 0).sum()) for encoder, change in changes.items()}
reach.compare(cnn=places["CNN"], transformer=places["Transformer"])

# %%
figure, axes = plt.subplots(figsize=(8, 2.6), layout="constrained")
for place, (encoder, change) in enumerate(changes.items()):
    axes.bar(np.arange(len(change)) + 0.4 * place, np.maximum(change, 1e-12), 0.4, label=encoder)
axes.set_yscale("log")
axes.set_ylim(1e-10, 1)
axes.set_xlabel("place in the sentence | 句子里的位置")
axes.set_ylabel("change of the logits | 对数几率的变化")
axes.legend()

# %% [markdown] lang="en"
# The CNN knows of the label at five places, from the mark itself on; behind them its answer is the same to the last bit, whatever the label. It *cannot* be steered by a mark in front, however long it is trained. The Transformer sees the mark from every place behind it; whether it will look there is for training to say. A bar at the bottom is a zero.
#
# ## 4 · Train, and let it write
#
# A small Transformer, one round over the sentences:

# %% [markdown] lang="zh"
# 包括标签标记自己在内，CNN 有五个位置知道标签；再往后，不管标签是什么，它的回答都分毫不差。放在最前面的标记控制**不了**它，训练多久都一样。Transformer 在标记之后的每个位置都看得见它；至于看不看，要由训练来决定。贴着底的柱子就是零。
#
# ## 4 · 训练，让它写
#
# 一个小小的 Transformer，在全部句子上训练一轮：

# %%
model = build_model(marked, encoder="transformer", **steering.SIZE)
run = train(model, marked, **steering.PACE)

# %%
list(generate(model, {"sentiment": "positive"}, n=3, temperature=0.7)["text"])

# %% [markdown] lang="en"
# After one round there are words and names, not yet sentences. Ten rounds take two or three minutes; we load what they left behind (`python -m mtl_tutorial.lessons.steering` trains it anew). Three sentences for each label, each time with the same seed:

# %% [markdown] lang="zh"
# 一轮之后，词和名字都有了，句子还没有。十轮要两三分钟；我们直接载入训练好的权重（`python -m mtl_tutorial.lessons.steering` 可以重新训练）。每个标签写三句，每次都用同一个种子：

# %%
writer = steering.writer(LANGUAGE)
three = {
    label: generate(writer, {"sentiment": label}, n=3, temperature=0.7)
    for label in data.tasks["sentiment"].labels
}
pd.concat(three.values())[["sentiment", "text"]].style.hide()

# %% [markdown] lang="en"
# The first sentences of all three labels were drawn with the same luck, and so were the second and the third; what differs is the mark alone. Compare the labels line by line: sentences begin alike; how far do they stay so? The mark can be seen, but the model looks at it little.
#
# Each next token was *drawn*: a token of probability .2 comes in one case of five. The **temperature** τ makes the draw bolder or more careful; drawn is in proportion to $p^{1/\tau}$.
#
# ### Exercise 1 · `soften`
#
# Write `soften(p, temperature)`: from the chances `p` of all tokens to those at a temperature.

# %% [markdown] lang="zh"
# 三个标签的第一句是用同样的运气抽出来的，第二句、第三句也是如此；不同的只有标记。请逐行比较三个标签：句子的开头一样；能一样多久？标记看得见，模型却不大去看。
#
# 每个“下一个词元”都是**抽**出来的：概率为 0.2 的词元，五次里会抽到一次。**温度** τ 让抽取更大胆或更谨慎：按 $p^{1/\tau}$ 的比例来抽。
#
# ### 练习 1 · `soften`
#
# 请写出 `soften(p, temperature)`：由全部词元的概率 `p`，得到某个温度下的概率。


# %% tags=["exercise"] exercise="soften"
def soften(p, temperature):
    return ...


# %%
lesson["soften"].check(soften)
# lesson["soften"].hint()
# lesson["soften"].solution()

# %% [markdown] lang="en"
# How good are the sentences? Our corpus has a rare luxury: it was grown from a grammar, and the grammar can also *read*. `verdicts(text)` says which sentiment the grammar could mean by a text, and nothing if it cannot say it at all. Beside it we count copies (`copied`: the share of sentences that stand in training as a whole; `fragments`: the same of all runs of eight tokens) and variety (`distinct`: of all runs of three tokens, the share of different ones).
#
# **Predict.** Which share of 40 sentences is grammatical at temperature 0.3, at 0.7, and at 1.0?

# %% [markdown] lang="zh"
# 句子写得怎么样？我们的语料有一样难得的好处：它是由一部语法生成的，而这部语法也能**读**。`verdicts(text)` 给出这句话按语法可以是哪种情感；如果语法根本说不出这句话，就什么也不给。此外，我们数一数抄了多少（`copied`：整句在训练集里一字不差出现过的比例；`fragments`：连续八个词元的片段里，这样的比例），花样多不多（`distinct`：所有连续三个词元的片段里，互不相同的占多少）。
#
# **先预测。** 温度为 0.3、0.7、1.0 时，40 个句子里合语法的各占多少？

# %%
grammar = lesson.predict_first(cold=..., warm=..., hot=...)
grammar

# %%
found = {}
for temperature in (0.3, 0.7, 1.0):
    written = generate(writer, {"sentiment": "positive"}, n=40, temperature=temperature)["tokens"]
    found[temperature] = steering.measures(written, "positive", data["train"], LANGUAGE)
positive = data["test"].take(data["test"].targets["sentiment"] == 2).tokens[:40]
real = steering.measures(positive, "positive", data["train"], LANGUAGE)

# %%
shares = ["grammatical", "copied", "fragments", "distinct"]
pd.DataFrame({**found, "real | 真句子": real}).T[[*shares, "tokens"]].round(2)

# %%
grammar.compare(
    **{k: found[t]["grammatical"] for k, t in (("cold", 0.3), ("warm", 0.7), ("hot", 1.0))}
)

# %% [markdown] lang="en"
# Cold sentences are right more often, but alike, and they copy more than real ones do; at temperature 1, where the model says what it holds for probable, few can be said by the grammar from end to end. Real sentences are whole *and* varied. That is what the last row is for: without it samples look better than they are.
#
# ## 5 · Surprise
#
# One number judges a language model without letting it write: how probable it holds *real* sentences that it never saw. The **perplexity** is exp of the mean loss a token: as unsure as if so many tokens were equally probable.
#
# ### Exercise 2 · `surprise`
#
# Write `surprise(sentences)`: `sentences` holds, for each sentence, the chances that a model gave to its tokens; the result is one number, the perplexity over all tokens.

# %% [markdown] lang="zh"
# 温度低，合语法的就多，可是彼此雷同，抄得也比真句子多；温度为 1 时，模型按它认为的概率来说，从头到尾语法都说得出的就很少了。真句子则既完整又多样。最后一行就是为此而放的：没有它，样例看起来比实际要好。
#
# ## 5 · 意外
#
# 有一个数，不必让模型写就能评判它：它没见过的**真**句子，它认为有多可能。**困惑度**（perplexity）是每个词元平均损失的 exp：好比在这么多个同样可能的词元里猜一个。
#
# ### 练习 2 · `surprise`
#
# 请写出 `surprise(sentences)`：`sentences` 里每个句子是一串概率，即模型给它各个词元的概率；结果是一个数，即全部词元合在一起的困惑度。


# %% tags=["exercise"] exercise="surprise"
def surprise(sentences):
    return ...


# %%
lesson["surprise"].check(surprise)
# lesson["surprise"].hint()
# lesson["surprise"].solution()

# %% [markdown] lang="en"
# Our model can be asked for five things, and the chain rule ties them together:
#
# $$p(\text{label}, \text{text}) = p(\text{label})\, p(\text{text} \mid \text{label}) = p(\text{text})\, p(\text{label} \mid \text{text})$$
#
# In logarithms the products are sums. p(text) is not read off anywhere: it is the sum of p(label, text) over the three labels.

# %% [markdown] lang="zh"
# 可以向这个模型问五样东西，链式法则把它们连在一起：
#
# $$p(\text{标签}, \text{句子}) = p(\text{标签})\, p(\text{句子} \mid \text{标签}) = p(\text{句子})\, p(\text{标签} \mid \text{句子})$$
#
# 取对数后，乘积就成了和。p(句子) 不能直接读出来：它是 p(标签, 句子) 对三个标签求和。

# %%
some = marked["valid"].take(np.arange(300))
part = type(marked)(marked.tasks, marked.vocabulary, {"train": marked["train"], "valid": some})
table = perplexity(writer, part, "valid")
table.round(3)

# %%
nats = table["nats"]
{
    "labels + text given labels − both": nats["labels"] + nats["text given labels"] - nats["both"],
    "text + labels given text − both": nats["text"] + nats["labels given text"] - nats["both"],
}

# %% [markdown] lang="en"
# "labels" has a perplexity of about 3, as it should: before a word is read, three labels are equally probable. Now compare "text" with "text given labels": to know the label saves less than half a nat of some dozens. It could never save more than ln 3 ≈ 1.1: so much is in a label. No wonder that training has first learned all else.
#
# "labels given text" says how unsure the model is of the label once it has read the sentence. Whoever can write can classify, by the rule of Bayes; how well is another question.
#
# ### Exercise 3 · `bayes`
#
# `log_joint` has a row for each sentence and a column for each label: log p(label, text), numbers like −100. Write `bayes(log_joint)`: p(label | text), same shape.

# %% [markdown] lang="zh"
# “labels”的困惑度约为 3，理应如此：一个字还没读时，三个标签同样可能。再比较“text”和“text given labels”：知道标签，几十奈特里只省下不到半奈特。最多也只能省 ln 3，约 1.1 奈特：一个标签的信息只有这么多。难怪训练时先学会的都是别的。
#
# “labels given text”说的是读完句子以后，模型对标签还有多没把握。会写就会分类，靠的是贝叶斯法则；分得好不好，是另一回事。
#
# ### 练习 3 · `bayes`
#
# `log_joint` 每个句子一行，每个标签一列，是 log p(标签, 句子)，大约是 −100 这样的数。请写出 `bayes(log_joint)`：p(标签 | 句子)，形状相同。


# %% tags=["exercise"] exercise="bayes"
def bayes(log_joint):
    return ...


# %%
lesson["bayes"].check(bayes)
# lesson["bayes"].hint()
# lesson["bayes"].solution()

# %% [markdown] lang="en"
# **Predict.** A third of the sentences is right by guessing. After ten rounds, how many per cent of 300 validation sentences does the language model classify right?

# %% [markdown] lang="zh"
# **先预测。** 瞎猜能对三分之一。训练十轮之后，300 个验证句子里，语言模型能分对百分之几？

# %%
right = lesson.predict_first(percent=...)
right

# %%
joint = log_joint(writer, part, "valid")
said = joint.to_numpy().argmax(axis=1)
right.compare(percent=100 * (said == data["valid"].targets["sentiment"][:300]).mean())

# %% [markdown] lang="en"
# Between 40 and 50 per cent, not far from guessing: what the mark was not used for in writing, it cannot give back in reading. A classifier spends all of its training on the label, for a joint model it is one token among thirty or so; that may be why. (Ng & Jordan 2001 compare the two kinds.)

# %% [markdown] lang="zh"
# 四成到五成，离瞎猜不远：写的时候没有用上标记，读的时候也就还不出来。分类器把全部训练都花在标签上，对联合模型来说，标签只是三十来个词元里的一个；原因也许就在这里。（两类模型的比较见 Ng 和 Jordan 2001。）

# %% [markdown] lang="en"
# ## 6 · Does the language model help `person`?
#
# Now the other direction: not text for its own sake, but as a companion. `person` has 60 labels; the language model has the text of all 6,000 sentences, for nothing. What it learns of words, could `person` use it?
#
# Five ways to train, five seeds each:
#
# - *alone*: `person` by itself, 500 batches of its 60 sentences;
# - *lm*: both on one trunk of two CNN layers, batches of `person` and of the language model in turn, 500 of each;
# - *muted lm*: the same trunk and batches, but the loss of the language model counts nothing. It is the control: the trunk is causal as with *lm*, and `person` has the same diet;
# - *lm, words only*: the two share the embedding alone, and `person` goes on reading in both directions;
# - *muted lm, words only*: its control, muted in the same way.

# %% [markdown] lang="zh"
# ## 6 · 语言模型对 `person` 有帮助吗？
#
# 现在换个方向：不为写句子，只让语言模型来作伴。`person` 有 60 个标签；语言模型有全部 6000 个句子的文字，一分钱不花。它学到的词，`person` 用得上吗？
#
# 五种训练方式，各五个种子：
#
# - *alone*：`person` 单独训练，500 个批次，都出自它那 60 个句子；
# - *lm*：两个任务共用两层 CNN 的主干，`person` 的批次和语言模型的批次轮流来，各 500 个；
# - *muted lm*：主干和批次都一样，只是语言模型的损失不算数。这是对照：主干同 *lm* 一样是因果的，`person` 的伙食也一样；
# - *lm, words only*：两个任务只共享嵌入层，`person` 照旧两个方向都读；
# - *muted lm, words only*：它的对照，同样静音。

# %%
runs = finished.load("11", LANGUAGE)


def scores(split):
    """Share right of `person`: a row a seed, a column a way. | `person` 的准确率：每行一个种子，每列一种方式。"""
    rows = [(r.header["seed"], r.header["model"], r.final(split)["person"]) for r in runs]
    table = pd.DataFrame(rows, columns=["seed", "way", "person"])
    return table.pivot(index="seed", columns="way", values="person")[list(NAMES)]


# %% [markdown] lang="en"
# **Predict.** By how many points do *lm*, *muted lm* and *lm, words only* change `person` on validation, compared with *alone*?

# %% [markdown] lang="zh"
# **先预测。** 和 *alone* 相比，*lm*、*muted lm* 和 *lm, words only* 各使 `person` 在验证集上变化多少个百分点？

# %%
guess = lesson.predict_first(lm=..., muted=..., words=...)
guess

# %%
valid = scores("valid")
against = {way: comparing.paired_difference(valid[way], valid["alone"]) for way in NAMES[1:]}
for way in ("lm", "lm, words only"):
    taught = comparing.paired_difference(valid[way], valid[f"muted {way}"])
    against[f"{way} − muted"] = taught
against = comparing.holm(against)
asked = {"lm": "lm", "muted": "muted lm", "words": "lm, words only"}
guess.compare(**{name: against[way].mean for name, way in asked.items()})

# %%
(100 * valid.mean()).round(1)

# %%
plots.differences(against, language=LANGUAGE)

# %%
{way: still_climbing([r for r in runs if r.header["model"] == way], "person") for way in NAMES}

# %% [markdown] lang="en"
# Read it carefully. Nothing gains. With the language model on the same trunk `person` loses about 20 points, with the words alone about 9, also when the six claims are judged together. With a muted companion, on either plan, it is 3 to 4 points lower on average, and five seeds cannot tell.
#
# The controls say where the cost comes from. *Muted lm* learns nothing from text: its trunk reads in one direction, and between any two batches of `person` the optimizer takes a step from which nothing is learned. What that costs we cannot tell; but *muted lm, words only* reads in both directions and stands no higher, so nothing here puts the blame on the reading. From *muted lm* to *lm* it is 16 points, and this verdict stands, too: most of the loss comes with what the language model teaches the trunk. It might be the crowding of lesson 04: guessing the next token asks for other features than `person` does, and there are 32 of them. With the words alone, the muted twin parts the 9 points: 4 come without any teaching, 5 with it. Their sum is a loss; five seeds can tell neither part by itself.
#
# (The Chinese corpus shows it more faintly: 9 points below *alone* with the language model on the same trunk, 3 with its muted twin, 3 with the words alone and 4 with theirs, so that what the teaching of the words costs is not seen there; and after Holm's correction five seeds do not carry any of the six claims. What can be told on one corpus may not be told on another.)
#
# And slower is not worse. `person` no longer climbs, its 60 sentences are learned by heart after 200 steps; the language model still does:

# %% [markdown] lang="zh"
# 要仔细读。平均来看，四种方式都在单独训练**之下**：和语言模型共用主干，低约 9 个百分点；只共享嵌入层，低 3 个；两个静音的对照，低 3 到 4 个。没有一个提高。有三个区间在零以下：*lm*、*lm − muted* 和 *muted lm, words only*；可是一共有六个结论，经 Holm 校正，五个种子一个也支持不了。所以：看不到帮助，也许有害，无法判断。（英文语料上就清楚了：共用主干低约 20 个百分点，只共享嵌入层低约 9 个，都是**下降**；有静音的伙伴，平均低 3 到 4 个，照样无法判断。一份语料上看得出的，换一份未必看得出。）
#
# 对照告诉我们，代价可能出在哪里。*muted lm* 从文字里什么也没学，平均也低了几个百分点：它的主干只从一个方向读，而且每两个 `person` 批次之间，优化器都走了什么也没学到的一步。可是 *muted lm, words only* 两个方向都读，也低了这么多：这里没有什么能说明问题出在方向上。剩下的，即 *lm* 和 *muted lm* 之间的五六个百分点，也许就是第 04 课的拥挤：猜下一个词元要的特征和 `person` 要的不一样，而特征一共只有 32 个。*lm, words only* 低的那 3 个百分点，静音的对照一样低：语言模型教给嵌入层的东西，看不出帮了忙，也看不出添了乱。
#
# 而且，慢不等于差。`person` 已经不再上升，它那 60 个句子 200 步之后就背下来了；语言模型却还在上升：

# %%
with_lm = {way: [r for r in runs if r.header["model"] == way] for way in ("lm", "lm, words only")}
loss = {way: np.mean([r.curve("lm", "loss").iloc[-1] for r in own]) for way, own in with_lm.items()}
climbs = {way: still_climbing(own, "lm") for way, own in with_lm.items()}
pd.DataFrame({"nats a token | 每个词元的奈特": loss, "still climbing | 还在上升": climbs}).round(2)

# %% [markdown] lang="en"
# With 500 batches it has hardly begun. Papers in which a language model helped as a companion did it otherwise. Collobert & Weston (2008) gave it far more text. Rei (2017) gave it no other text than the labeled sentences; but those were many, and of his trunk the half that reads forwards guessed the next word, the half that reads backwards the previous one, so that the task still read in both directions. Nowadays a language model mostly goes first: that is pretraining, and it pays for itself over many tasks. An idea for a project: train the language model alone for ten rounds, then start `person` from its embedding (`build_model(..., initialize_from={"embedding": model})`), with a model of the same size from scratch beside it.
#
# The test part, once:

# %% [markdown] lang="zh"
# 才 500 个批次，它刚刚开了个头。在语言模型作伴有帮助的论文里，做法不一样。Collobert 和 Weston（2008）给它的文字多得多。Rei（2017）没有用带标签的句子以外的文字，但那些句子很多；而且主干里从前往后读的一半猜下一个词，从后往前读的一半猜前一个词，所以任务照样两个方向都读。如今多半是语言模型先学：那就是预训练，代价由许多任务分摊。可以当作一个小项目：让语言模型单独训练十轮，再让 `person` 从它的嵌入层起步（`build_model(..., initialize_from={"embedding": model})`），旁边放一个同样大小、从头训练的模型。
#
# 测试集，只用一次：

# %%
test = scores("test")
tested = {way: comparing.paired_difference(test[way], test["alone"]) for way in NAMES[1:]}
for way, difference in comparing.holm(tested).items():
    print(way, difference.in_words(LANGUAGE))

# %% [markdown] lang="en"
# On test it is the same picture: the language model on the same trunk *loses*, by 18 or 19 points, and so does sharing the words alone, by some 6; of the muted companions we cannot tell. (On the Chinese corpus the same trunk is some 10 points lower on test, and we cannot tell; without *muted lm, words only*, with three claims instead of four, it would be a loss. So near the edge a verdict hangs on small things; report how many claims you make.)

# %% [markdown] lang="zh"
# 测试集上有四个结论，五个种子一个也支持不了：和语言模型共用主干，`person` 低约 10 个百分点，和验证集差不多，同样无法判断。要是不算 *muted lm, words only*，只有三个结论，它就是**下降**了。离边界这么近，结论取决于小事；一共做了几个结论，要一并报告。（英文语料上，测试集和验证集的结论一致。）

# %% [markdown] lang="en"
# ## 7 · Three ways to steer
#
# Back to writing. Does the model write what one wants? Three ways to make it:
#
# - *first token*: the mark in front, as above;
# - *every step*: the mark's vector is added to that of every token behind it (`build_model(..., carry_marks=True)`). It costs no weights, and whatever the encoder, no place is too far from the label. Another writer, trained in the same way, ten rounds;
# - *guide*: the first model writes as it likes, and a classifier of `sentiment`, the guide, picks the sentences that it holds for the wanted label.
#
# Who judges? Not the guide: it would praise its own choice. The grammar does: of the sentences that it can say, *meant* is the share that can mean the wanted label. A third is chance.
#
# **Predict.** What is *meant*, on average over the three labels, for the three ways?

# %% [markdown] lang="zh"
# ## 7 · 三种控制办法
#
# 回到写作。模型写的，是你要的吗？有三种办法让它听话：
#
# - *first token*：像上面那样，把标记放在最前面；
# - *every step*：标记后面的每个词元，都加上标记的向量（`build_model(..., carry_marks=True)`）。不多花一个参数；不管用哪种编码器，哪个位置都看得见标签。这是另一个模型，训练方法相同，也是十轮；
# - *guide*：让第一个模型随便写，再由一个 `sentiment` 分类器（向导）挑出它认为是所要标签的句子。
#
# 由谁来评？不能是向导：它会夸自己挑的。由语法来评：在它说得出的句子里，*meant* 是可以表示所要标签的比例。瞎猜是三分之一。
#
# **先预测。** 三种办法的 *meant*，三个标签平均，各是多少？

# %%
obeyed = lesson.predict_first(first=..., every=..., guide=...)
obeyed

# %%
LABELS = data.tasks["sentiment"].labels
cool = {"n": 80, "temperature": 0.5}
writers = {"first token": writer, "every step": steering.writer(LANGUAGE, every_step=True)}
ways = {
    way: {y: generate(own, {"sentiment": y}, **cool)["tokens"] for y in LABELS}
    for way, own in writers.items()
}

# %%
guide = build_model(data, units=32, embedding_dim=32)
run = train(guide, data, epochs=3, learning_rate=3e-3, validation=None, progress=False)
anything = generate(writer, n=240, temperature=0.5, seed=1)
says = predict(guide, list(anything["text"]))["sentiment"]
ways["guide"] = {y: anything["tokens"][says == y] for y in LABELS}

# %%
rows = {
    (way, label): steering.measures(written, label, data["train"], LANGUAGE)
    for way, by_label in ways.items()
    for label, written in by_label.items()
}
steered = pd.DataFrame(rows).T
meant = steered["meant"].unstack(sort=False)
meant.round(2)

# %%
average = meant.mean(axis=1)
obeyed.compare(**dict(zip(("first", "every", "guide"), average, strict=True)))

# %%
steered[["grammatical", *shares[1:]]].groupby(level=0, sort=False).mean().round(2)

# %% [markdown] lang="en"
# The mark in front is heeded little. In the Chinese notebook a third of the verdicts is as wanted, which is chance; in the English one it is some 60 per cent. The models learn to write before they learn to obey, as the small saving of section 5 foretold.
#
# Told at every step, the model obeys more: some 60 per cent in Chinese, nearly 80 in English. In a Transformer every place could see the mark before; to use it, attention had to learn to look there. An added vector is part of what each token brings along from the first step of training. (This is our reading of it, not a measurement.)
#
# The guide is still far ahead, although it has not changed a word: it throws away two sentences of three. What it picks is no more grammatical than before. (One training each, and only the sentences that the grammar can say are counted: an observation. Another way weighs the writer's and the guide's chances token by token.)

# %% [markdown] lang="zh"
# 放在最前面的标记不大管用。中文笔记本里，合乎要求的占三分之一，等于瞎猜；英文笔记本里是六成左右。模型先学会写，后学会听话，第 5 节省下的那一点点已经说明了。
#
# 每一步都告诉它，模型就听话一些：中文约六成，英文将近八成。Transformer 的每个位置本来也看得见标记；可是要用上它，注意力得先学会往那里看。加上去的向量，则从训练的第一步起就是每个词元自带的。（这是我们的解释，没有测量过。）
#
# 向导还是遥遥领先，虽然它一个字也没有改：它只是三句里扔掉两句。它挑出来的，并不比原来更合语法。（每种只训练了一次，而且只数语法说得出的句子，这是观察到的现象。还有别的办法：逐个词元把写作者的概率和向导的概率合起来。）

# %% [markdown] lang="en"
# ## 8 · Your turn to begin
#
# Type a beginning, choose a label, press *Write*. (Goal: find a beginning with which the label you chose comes out wrong, and say why.) Every word must be one that the model knows. Without a mouse, the next cell does the same.

# %% [markdown] lang="zh"
# ## 8 · 轮到你开头
#
# 输入一个开头，选一个标签，点“写”。（目标：找一个开头，让写出来的句子和你选的标签不符，再说说为什么。）每个词都必须是模型认识的。不用鼠标的话，下一格做的是同样的事。

# %%
box = WritingBox(writer, language=LANGUAGE)
box.write()
box

# %%
beginning = " ".join(data["test"].tokens[0][:2]) if LANGUAGE == "en" else data["test"].tokens[0][0]
generate(writer, {"sentiment": "negative"}, n=3, start=beginning, temperature=0.7)[
    ["text", "ended"]
]

# %% [markdown] lang="en"
# ## In five lines
#
# 1. A language model is a task whose labels are the text itself: for each token the next one; its trunk must be causal.
# 2. With labels as tokens in front it learns p(label, text): it writes for a label, and by Bayes' rule it classifies.
# 3. A mark in front steers only who can see it, a Transformer everywhere but a CNN of two layers at five places, and who looks: ours learned to write before they learned to obey. Told of the label at every step, they obeyed more; a guide that picks did better still.
# 4. Written sentences are judged beside real ones: by a grammar that had no part in the writing, by copies, by variety.
# 5. Here the language model did not help `person` with 60 labels: on the same trunk `person` lost some 20 points, most of them by what the language model taught; with the words alone some 9. What the muted companions cost, five seeds cannot tell.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | language model | a model of how probable a text is, token by token |
# | causal | what stands at a token depends on it and on what came before |
# | joint probability | that of a label and a text together |
# | mark | a label written into the text as a token |
# | temperature | below 1 the draw of the next token is more careful, above 1 bolder |
# | perplexity | exp of the mean loss a token: as unsure as among so many |
#
# ## Further reading
#
# - N. S. Keskar, B. McCann, L. R. Varshney, C. Xiong, R. Socher: *CTRL: A Conditional Transformer Language Model for Controllable Generation*. arXiv:1909.05858 (2019). Marks in front, on a large scale.
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing: Deep Neural Networks with Multitask Learning*. ICML (2008), 160–167.
# - M. Rei: *Semi-supervised Multitask Learning for Sequence Labeling*. ACL (2017), 2121–2130. Predicting neighboring words as a companion.
# - A. Y. Ng, M. I. Jordan: *On Discriminative vs. Generative Classifiers: A comparison of logistic regression and naive Bayes*. NIPS (2001), 841–848.
# - A. Holtzman, J. Buys, L. Du, M. Forbes, Y. Choi: *The Curious Case of Neural Text Degeneration*. ICLR (2020). What temperature does to text, and what else one may do.
#
# Next: **lesson 12**, real data.

# %% [markdown] lang="zh"
# ## 五句话小结
#
# 1. 语言模型也是一个任务，标签就是文字自己：每个词元的标签是下一个词元；它的主干必须是因果的。
# 2. 把标签当作词元放在前面，它学到的就是 p(标签, 句子)：能按标签写，也能靠贝叶斯法则分类。
# 3. 放在前面的标记，只控制得了看得见它的模型（Transformer 处处看得见，两层的 CNN 只有五个位置看得见），而且模型还得去看：我们的模型先学会写，后学会听话。每一步都告诉它标签，就更听话；由向导来挑，效果还要好。
# 4. 写出来的句子要和真句子放在一起评：由没有参与写作的语法来评，看抄了多少，看花样多不多。
# 5. 在这里，语言模型没有帮到只有 60 个标签的 `person`：共用主干时平均低约 9 个百分点，只共享嵌入层时低 3 个，静音的对照也低这么多；五个种子一个也无法判断。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 语言模型（language model） | 一个词元一个词元地说出一段文字有多可能的模型 |
# | 因果（causal） | 一个词元处的结果只依赖它自己和它前面的 |
# | 联合概率（joint probability） | 标签和句子合在一起的概率 |
# | 标记（mark） | 当作词元写进句子里的标签 |
# | 温度（temperature） | 低于 1，抽下一个词元时更谨慎；高于 1，更大胆 |
# | 困惑度（perplexity） | 每个词元平均损失的 exp：好比在这么多个里猜一个 |
#
# ## 延伸阅读
#
# - N. S. Keskar, B. McCann, L. R. Varshney, C. Xiong, R. Socher: *CTRL: A Conditional Transformer Language Model for Controllable Generation*. arXiv:1909.05858 (2019). 把标记放在前面，规模很大。
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing: Deep Neural Networks with Multitask Learning*. ICML (2008), 160–167.
# - M. Rei: *Semi-supervised Multitask Learning for Sequence Labeling*. ACL (2017), 2121–2130. 让预测邻近的词来作伴。
# - A. Y. Ng, M. I. Jordan: *On Discriminative vs. Generative Classifiers: A comparison of logistic regression and naive Bayes*. NIPS (2001), 841–848.
# - A. Holtzman, J. Buys, L. Du, M. Forbes, Y. Choi: *The Curious Case of Neural Text Degeneration*. ICLR (2020). 温度怎样影响文字，还有哪些别的办法。
#
# 下一课：**第 12 课**，真实数据。
