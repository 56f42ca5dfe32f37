"""Chinese words and sentence frames for the shipped corpus (see `people`)."""

import re


def _list(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(";") if entry.strip()]


# -- people

# Surnames that are not the commonest, given names that suit every age: fewer of the names they make
# are borne by somebody known, and a grandmother is not called like her granddaughter.
SURNAMES = list(
    "祝甄柏喻阮项舒翟骆符穆樊冉单盛娄裴莫纪屈苗戚车池鲍虞房焦游辛管简申路闻茅桑荆匡储伏卞"
    "苑温柯尤谷班郎"
)


def _given(single: str, first: str, second: str) -> list[str]:
    """One-character names, often enough to make up a quarter, and two-character ones."""
    return [*single * 7, *(a + b for a in first for b in second)]


GIVEN = {
    "f": _given(
        "芳娟琳萍燕琴丹慧玲珊秋", "雅晓佳静文婉丽淑玉秀春巧月亚", "琳怡娜芳颖琪兰霞莹敏云燕珍萍娟"
    ),
    "m": _given(
        "伟磊坤旭斌涛辉刚军凯亮峰",
        "志建国文明海永立振德晓春少正长",
        "强涛鹏辉斌峰杰军波平林龙超勇成毅",
    ),
}
NAMES = ("{surname}{given}",)

# "his" is bare: frames and forms add 的 where they want it (他表姐, 他的房间).
PRONOUNS = {
    "f": {"he": "她", "him": "她", "his": "她"},
    "m": {"he": "他", "him": "他", "his": "他"},
}

# Family words are those that may go with another surname and with a spouse of either sex, friends'
# those that women and men may have alike. Characters cross the classes on purpose:
# 表兄/师兄/好兄弟, 嫂子/月嫂, 导师/导游, 邻桌同学.
RELATIONS = {
    "family": _list(
        "表姐:f; 舅舅:m; 小姨:f; 姐夫:m; 爱人; 外婆:f; 表哥:m; 嫂子:f; 亲家; 表兄:m; 外公:m;"
        "远房亲戚; 表妹:f; 姨父:m; 妈妈:f; 弟媳:f; 舅妈:f; 老伴; 女婿:m; 大姨:f; 表弟:m;"
        "儿媳妇:f; 亲戚; 婶婶:f; 大舅:m; 姑父:m; 妹夫:m; 伯母:f"
    ),
    "friend": _list(
        "朋友; 发小; 好友; 好兄弟:m; 老友; 死党; 球友; 知己; 笔友; 童年玩伴; 多年好友; 忘年交;"
        "旅伴; 牌友; 挚友; 至交; 老朋友; 老相识; 钓友; 驴友; 密友; 棋友; 故交; 莫逆之交"
    ),
    "work": _list(
        "同事; 顶头上司; 部门经理; 主管; 下属; 工友; 老板; 前同事; 直属领导; 合伙人; 女同事:f;"
        "部下; 老领导; 隔壁组同事; 项目经理; 助理; 男同事:m; 前老板; 公司前辈; 上级; 老同事;"
        "车间主任; 上司; 秘书; 邻座同事; 部门总监"
    ),
    "school": _list(
        "同学; 师兄:m; 导师; 高中同桌; 班主任; 辅导员; 学姐:f; 校友; 老同学; 隔壁班同学; 师妹:f;"
        "学弟:m; 大学同学; 论文导师; 学长:m; 高中老师; 师姐:f; 同门; 邻桌同学; 初中班长; 学妹:f;"
        "大学老师; 同班同学; 师弟:m"
    ),
    "neighbor": _list(
        "邻居; 对门; 楼上邻居; 老街坊; 邻居大姐:f; 街坊; 对门邻居; 楼下邻居; 隔壁邻居;"
        "街坊大妈:f; 老邻居; 邻居大哥:m; 新邻居; 隔壁街坊; 邻居阿姨:f; 近邻; 同楼邻居; 楼下街坊;"
        "街坊大叔:m; 对门大姐:f; 小区邻居; 对门大爷:m; 同院街坊; 隔壁阿姨:f"
    ),
    "service": _list(
        "理发师; 房东; 健身教练; 牙医; 家政阿姨:f; 导游; 装修师傅:m; 房产中介; 修车师傅:m;"
        "月嫂:f; 钢琴老师; 律师; 美容师; 驾校教练; 钟点工; 快递小哥:m; 保险经纪人; 裁缝;"
        "保洁大姐:f; 私人教练; 家庭医生; 瑜伽老师; 水电工; 司机; 婚礼摄影师; 搬家师傅:m;"
        "理财顾问; 家教老师"
    ),
}

DESCRIBED = {
    "family": _list(
        "跟我同一个外婆的{name}; 和我妈一母同胞的{name}; 跟我领了结婚证的{name};"
        "跟我同一本户口本的{name}; 跟我有血缘关系的{name}; 喊我妈姑姑的{name};"
        "写进我家族谱的{name}; 和我家结了亲的{name}; 和我同一个太爷爷的{name};"
        "管我爸叫舅舅的{name}"
    ),
    "friend": _list(
        "跟我无话不谈的{name}; 和我从小玩到大的{name}; 跟我最聊得来的{name};"
        "跟我结拜过的{name}; 周末常约我打球的{name}; 我有心事就去找的{name};"
        "老陪我喝酒谈心的{name}; 跟我好得穿一条裤子的{name}; 放假总约我爬山的{name};"
        "和我交情最深的{name}"
    ),
    "work": _list(
        "跟我一个办公室的{name}; 在公司坐我对面的{name}; 跟我同一个项目组的{name};"
        "给我发工资的{name}; 替我签报销单的{name}; 每周听我汇报的{name}; 跟我轮流值夜班的{name};"
        "跟我同一批入职的{name}; 工位挨着我的{name}; 管我们部门的{name}"
    ),
    "school": _list(
        "和我同班三年的{name}; 高中坐我前排的{name}; 在大学教过我的{name};"
        "改过我毕业论文的{name}; 比我低一届的{name}; 大学睡我下铺的{name}; 跟我同系的{name};"
        "跟我一起上晚自习的{name}; 和我同一个导师的{name}; 上课总坐我旁边的{name}"
    ),
    "neighbor": _list(
        "住我楼上的{name}; 住我家对门的{name}; 跟我只隔一堵墙的{name}; 跟我住同一条巷子的{name};"
        "家在我楼下的{name}; 阳台挨着我家阳台的{name}; 搬到我家隔壁的{name};"
        "跟我住同一个单元的{name}; 院子跟我家连着的{name}; 住我家前一栋的{name}"
    ),
    "service": _list(
        "给我剪头发的{name}; 每月收我房租的{name}; 每周来我家打扫的{name}; 替我打官司的{name};"
        "上门给我修空调的{name}; 天天给我送快递的{name}; 收费教我开车的{name};"
        "按课时教我钢琴的{name}; 帮我办过户手续的{name}; 给我补过牙的{name}"
    ),
}

PERSON_FORMS = (
    "我{word}", "我{word}", "我的{word}", "我{word}{name}", "我的{word}{name}",
    "{name}（我{word}）", "我{word}", "我的{word}", "我{word}（{name}）",
)  # fmt: skip

PAIRS = (
    "{a}和{his}{word}{b}", "{a}和{word}{b}", "{a}的{word}{b}", "{a}与{his}{word}{b}",
    "{a}和{his}的{word}{b}", "{b}（{a}的{word}）", "{a}和{b}（{his}{word}）", "{a}同{his}{word}{b}",
)  # fmt: skip
UNRELATED_PAIRS = (
    "{a}和{b}", "{a}与{b}", "{a}和素不相识的{b}", "{a}和萍水相逢的{b}", "{a}和初次见面的{b}",
    "{a}和{b}（并非{his}{word}）", "{b}（不是{a}的{word}）", "{a}和{b}（不是{his}{word}）",
    "常被当成{a}{word}的{b}",
)  # fmt: skip

BONDS = (
    "{b}是{a}的{word}", "{a}的{word}是{b}", "{a}的那位{word}就是{b}", "{a}的{word}叫{b}",
    "{a}的{word}不是别人，正是{b}", "{b}正是{a}的{word}", "{b}确实是{a}的{word}",
    "{b}其实是{a}的{word}", "{b}就是{a}的那位{word}", "{a}常提起的{word}就是{b}",
)  # fmt: skip
UNRELATED_BONDS = (
    "{b}不是{a}的{word}", "{b}并不是{a}的{word}", "{a}的{word}不是{b}",
    "大家都以为{b}是{a}的{word}，其实不是", "{a}和{b}素不相识", "{a}以前没见过{b}",
    "{b}压根儿不是{a}的{word}", "{a}和{b}没有任何关系", "有人把{b}错当成{a}的{word}",
    "{a}的{word}另有其人，不是{b}", "{a}不认识{b}", "{b}从来不是{a}的{word}",
)  # fmt: skip

# -- things: names that nothing real is likely to bear. The name is what "name" makes; a common noun
# before or behind it, which a form adds, is no part of it (澜桃X3|耳机, 麦老太|锅巴).

THINGS = {
    "gadget": {
        "entity": "PROD",
        "parts": {
            "brand": _list(
                "澜桃; 拾角; 极雀; 飞苇; 白砾; 诺鹿; 弧豆; 橙汀; 微芒; 木帘; 雾梭; 云勺"
            ),
            "model": _list("X3; S20; K9; M2; A7; T10; Q5; R8; V6; Z1; 青春版; 二代"),
        },
        "names": ["{brand}{model}", "{brand}{model}", "{brand}"],
        "forms": _list(
            "{name}耳机; {name}手表; 这台{name}平板; {name}手机; {name}相机; {name}音箱;"
            "{name}剃须刀; {name}电动牙刷; {name}扫地机器人; {name}吸尘器; {name}电子书"
        ),
        "did": _list("买了; 买到了; 用上了; 换了; 入手了; 试用了; 订了"),
    },
    "food": {
        "entity": "PROD",
        "parts": {
            "head": _list("麦; 藕; 杏; 桂; 樟; 禾; 椒; 榆; 谷; 莲; 菱; 豆"),
            "tail": _list("老太; 掌柜; 婆婆; 小磨; 四斋; 巷尾; 爷家; 半坊; 二姑; 晒场"),
        },
        "names": ["{head}{tail}"],
        "forms": [
            measure + "{name}" + flavor + kind
            for measure in ("", "", "那盒", "这包", "那袋", "网购的")
            for flavor in ("", "", "海盐", "黑芝麻", "桂花", "椰香", "核桃", "红枣", "葱香", "牛乳")
            for kind in ("饼干", "蛋卷", "酥饼", "曲奇", "小麻花", "锅巴", "脆饼", "米花糖")
        ],
        "did": _list("买了; 尝了; 吃了; 试吃了; 囤了"),
    },
    "story": {
        "entity": "PROD",
        "parts": {
            "how": _list("犯困; 迟到; 褪色; 没有门牌; 向北; 借来; 会走路; 怕冷; 第八天; 失约"),
            "what": _list("灯塔; 渡口; 钟表匠; 信箱; 候车室; 码头; 窗台; 雨季; 木匠; 邮差; 稻草人"),
            "where": _list("藕塘; 灰马巷; 半截桥; 雾川; 苇河; 九里铺; 乌桕坡; 北岗"),
            "kind": _list("旧事; 来客; 夜话; 往东; 疑云; 秋声; 来信; 一九九三"),
        },
        "names": ["{how}的{what}", "{where}{kind}", "{what}与{where}"],
        "forms": _list(
            "小说《{name}》; 电影《{name}》; 《{name}》; 电视剧《{name}》; 纪录片《{name}》;"
            "漫画《{name}》; 那部《{name}》"
        ),
        "did": _list("看了; 看完了; 重温了; 追完了; 看过"),
    },
    "app": {
        "entity": "PROD",
        "parts": {
            "head": _list(
                "柠檬籽; 豆芽菜; 蜗牛壳; 飞鸟尾; 半勺糖; 树懒窝; 海獭湾; 麦穗田; 橘灯笼; 石榴皮;"
                "月台票; 松果盒"
            ),
            "tail": _list("记账; 日历; 便签; 打卡; 词典; 天气; 拼车; 菜谱; 课表; 相册"),
        },
        "names": ["{head}{tail}"],
        "forms": _list("{name}; {name}; 软件{name}; {name}小程序; {name}客户端; 新版{name}"),
        "did": _list("下载了; 装了; 用上了; 试用了; 更新了; 注册了"),
    },
    "restaurant": {
        "entity": "ORG",
        "parts": {
            "head": _list(
                "歪脖槐; 两碗半勺; 灶灰巷; 三更渔火; 辣不辣; 阿碌家; 竹影七; 半腰坡; 江尾巴;"
                "石头开花"
            ),
            "tail": _list("面馆; 酒楼; 火锅店; 私房菜; 饺子馆; 烤鱼店; 小馆; 茶餐厅"),
        },
        "names": ["{head}{tail}"],
        "forms": _list("{name}; {name}; 那家{name}; 街角的{name}; 桥头的{name}; 巷口的{name}"),
        "did": _list("去了; 去过; 光顾了; 打卡了; 找到了; 吃过"),
    },
    "hotel": {
        "entity": "ORG",
        "parts": {
            "head": _list(
                "云睡着; 潮半声; 松不语; 偷闲半刻; 栖木七号; 蓝窗格; 花间迟; 篱外天; 麦田尽头;"
                "晚风口袋"
            ),
            "tail": _list("酒店; 民宿; 宾馆; 客栈; 度假村; 山庄; 公寓酒店"),
        },
        "names": ["{head}{tail}"],
        "forms": _list("{name}; {name}; 那家{name}; 江边的{name}; 老城的{name}"),
        "did": _list("住了; 住过; 订了; 预订了; 住进了"),
    },
    "firm": {
        "entity": "ORG",
        "parts": {
            "head": _list(
                "弯弓力; 启舟渡; 花蚂蚁腿; 歪树枝; 手脚并用; 铜锁孔; 帆角; 铁臂弯; 雾晨星; 八巧手"
            ),
            "tail": _list(
                "健身房; 外语学校; 搬家公司; 家电维修; 保洁公司; 摄影工作室; 驾校; 装修公司"
            ),
        },
        "names": ["{head}{tail}"],
        "forms": _list("{name}; {name}; 那家{name}; 路口的{name}; 城东的{name}"),
        "did": _list("找了; 找过; 联系了; 选了; 咨询了"),
    },
    "spot": {
        "entity": "LOC",
        "parts": {
            "head": _list(
                "沐帘; 鹿迟; 鹭隐; 泉默; 月汀; 千盏; 枫渡口; 雁迟; 云扣; 石盏; 苇隐; 柳怀"
            ),
            "tail": _list("公园; 花园; 植物园; 森林公园; 湿地公园; 茶园; 梅园; 果园; 竹园; 书院"),
        },
        "names": ["{head}{tail}"],
        "forms": _list("{name}; {name}; 郊外的{name}; 城南的{name}; 江边的{name}"),
        "did": _list("去了; 逛了; 游览了; 参观了; 去过"),
    },
}

CITIES = _list(
    "北京; 上海; 广州; 深圳; 成都; 杭州; 武汉; 西安; 重庆; 南京; 天津; 苏州; 长沙; 郑州; 青岛;"
    "沈阳; 宁波; 昆明; 大连; 厦门; 合肥; 佛山; 福州; 哈尔滨; 济南; 温州; 长春; 石家庄; 泉州;"
    "南宁; 贵阳; 南昌; 太原; 烟台; 嘉兴; 南通; 金华; 珠海; 惠州; 徐州; 海口; 绍兴; 兰州; 洛阳;"
    "桂林; 扬州; 无锡; 大理; 西宁; 银川"
)
_FIELDS = _list("砚石; 远汀; 博屿; 启榆; 安帘; 恒苇")
EMPLOYERS = [
    head + tail
    for head in _FIELDS
    for tail in _list("科技公司; 设计院; 中学; 医院; 物流集团; 研究所")
]
# Before the subject or before the verb; all in the past.
TIMES = _list(
    "上周末; 昨天; 前天晚上; 上个月; 国庆假期; 去年冬天; 今年春天; 周六下午; 前几天; 上周三;"
    "元旦那天; 大前天; 半个月前; 三月份; 五一期间; 昨天傍晚; 前阵子; 上礼拜; 今天上午; 中秋那天;"
    "去年年底; 放假的时候"
)

# -- opinions: predicates without 我 (frames put them into other mouths) that suit every thing of the
# kind. Adjectives go with 得很 and 极了, never begin with 不, 没 or 有, which cannot be denied with
# 不, and say the opposite when they are.


def _opinions(bad: str, bad_phrases: str, flat_phrases: str, good: str, good_phrases: str) -> dict:
    return {
        "negative": {"adjectives": _list(bad), "phrases": _list(bad_phrases)},
        "neutral": {"adjectives": [], "phrases": _list(flat_phrases)},
        "positive": {"adjectives": _list(good), "phrases": _list(good_phrases)},
    }


# In each: negative adjectives and phrases, neutral phrases, positive adjectives and phrases.
OPINIONS = {
    "any": _opinions(
        "差劲; 糟糕; 坑人; 扫兴; 糟心; 闹心; 烦人; 寒酸; 招人嫌; 败兴; 拉胯; 掉价; 糊弄人; 气人; 唬人",
        "让人直呼上当; 名不副实; 不值得推荐; 比预想的差太多; 只配一颗星; 让人大失所望; 徒有其名;"
        "远低于预期; 辜负了大家的期待; 配不上五星; 怎么批评都不为过; 让人一想起来就来气;"
        "差得没话说; 没有半点可取之处; 让人直摇头; 实在让人失望; 真叫人后悔; 让人白白期待了一场;"
        "找不出一个优点; 再差不过了; 在同类里垫底; 让人没法喜欢; 一次就够了，绝不会有第二次;"
        "谈不上好，只能叫很差; 谁见了都摇头; 让人越想越后悔; 叫人怎么满意得起来; 打一分都嫌多;"
        "配不上它的名气; 口碑一落千丈; 让人一肚子火; 让人夸不出口",
        "不好不坏; 中规中矩; 谈不上好，也谈不上坏; 无功无过; 跟预想的差不多; 见仁见智; 普普通通;"
        "跟想象中没两样; 处在中等水平; 介于好和坏之间; 暂时还看不出好坏; 最近常有人提起;"
        "在网上能查到介绍; 换过一次名字; 上过一次本地新闻; 喜欢的和不喜欢的都有;"
        "喜不喜欢，得看个人; 和同类的差不多; 属于常见的那一类; 满分五颗星，能打三颗;"
        "满分十分的话，能打六分; 好不好因人而异; 算不上多好，也算不上多坏; 满意的和失望的各占一半;"
        "推荐和不推荐的人一样多; 没有惊喜，也没有失望; 跟去年相比没什么变化; 名气不大也不小;"
        "马马虎虎过得去; 评价有高有低",
        "出色; 理想; 讨喜; 优质; 出彩; 称心; 招人喜欢; 亮眼; 给力; 可心; 讨人喜欢; 像样; 上档次",
        "让人直呼值得; 名副其实; 很值得推荐; 比预想的好太多; 值五颗星; 让人喜出望外; 名不虚传;"
        "远超预期; 没有辜负大家的期待; 配得上五星; 怎么夸都不为过; 让人一想起来就高兴;"
        "好得没话说; 挑不出半点毛病; 让人直竖大拇指; 实在让人满意; 真叫人惊喜; 让人没白期待一场;"
        "找不出一个缺点; 再好不过了; 在同类里拔尖; 让人没法不喜欢; 有了一次就想有第二次;"
        "谈不上完美，但真的很好; 谁见了都点头; 让人一点也不后悔; 叫人怎么能不满意; 打满分都不嫌多;"
        "配得上它的名气; 口碑一路走高; 让人越想越高兴; 让人赞不绝口",
    ),
    "gadget": _opinions(
        "难用; 笨重; 费电; 娇气; 粗糙; 迟钝; 简陋",
        "充一次电用不了半天; 按键一点也不灵; 用一次就让人想退货; 三天两头出故障; 充电慢得像蜗牛;"
        "没用多久就坏了; 做工对不起价钱; 买回来就成了摆设; 跟宣传的完全是两回事; 没用几天就吃灰了",
        "有三种颜色; 是去年出的; 配一根充电线; 底部印着编号; 说明书有二十页; 用的是锂电池;"
        "按键在右侧; 包装盒是白色的; 保修期一年; 比上一代大一点; 充满电要两小时; 背面印着型号;"
        "分标准版和高配版; 附一个收纳袋; 开机有提示灯",
        "好用; 轻便; 靠谱; 省电; 耐用; 结实; 顺手; 精致",
        "充一次电能用好几天; 按键灵得很; 用过就离不开了; 用到现在没出过故障; 充电快得惊人;"
        "用了很久也没坏; 做工对得起价钱; 买回来就没闲过; 跟宣传的一样好; 让人每天都离不开",
    ),
    "food": _opinions(
        "难吃; 油腻; 硌牙; 寡淡; 齁人; 干涩",
        "吃一口就想扔; 甜得发齁; 咬下去一股哈喇味; 吃完嘴里发苦; 碎得不成样子; 不合胃口;"
        "一股香精味; 谁吃谁皱眉; 硬得咬不动; 尝过的人都说不好吃",
        "一份十二块; 保质期九个月; 是独立小包装; 有甜的和咸的两种; 净重二百克; 用的是透明袋子;"
        "配料表印在背面; 超市和网上都有卖; 味道跟别家差不多; 甜度中等; 开封后要放冰箱;"
        "生产日期印在底部; 有大包和小包; 里面有六小袋; 吃不吃得惯因人而异",
        "好吃; 香脆; 可口; 爽口; 新鲜; 解馋",
        "吃一口就停不下来; 甜得恰到好处; 咬下去满口香; 吃完嘴里还留着香; 一块都没碎; 很合胃口;"
        "用料实在; 一上桌就被抢光; 酥得掉渣，香得很; 尝过的人都说好吃",
    ),
    "story": _opinions(
        "难看; 拖沓; 俗套; 沉闷; 狗血; 乏味",
        "开头还没完就让人想弃; 结尾烂得离谱; 人物像纸片; 看得人直打瞌睡; 情节漏洞百出; 前后说不通;"
        "看完只让人觉得浪费了一个周末; 节奏慢得要命; 不值得看第二遍; 对白假得让人出戏",
        "讲的是两代人的事; 一共分三部分; 是前年出的; 故事发生在南方; 主角是个木匠; 有原著也有续集;"
        "结尾是开放式的; 背景放在九十年代; 有中文版和英文版; 用第一人称讲;"
        "前半段在城里，后半段在乡下; 人物有十来个; 篇幅中等; 节奏不快也不慢;"
        "值不值得看第二遍看个人",
        "好看; 精彩; 感人; 耐看; 细腻; 抓人",
        "一开头就让人放不下; 结尾妙得很; 人物像活的一样; 看得人忘了睡觉; 情节滴水不漏; 前后呼应得漂亮;"
        "看完只让人觉得这个周末没白过; 节奏紧得让人喘不过气; 值得看第二遍; 对白真得像身边事",
    ),
    "app": _opinions(
        "卡顿; 臃肿; 混乱; 难用; 费事; 繁琐",
        "满屏都是广告; 动不动就闪退; 打开要等半天; 用一天就让人想卸载; 找个功能像走迷宫;"
        "数据说丢就丢; 越更新越难用; 耗电耗得厉害; 不充值什么都干不了; 提醒从来不准",
        "要用手机号注册; 图标是绿色的; 每个月更新一次; 有免费版和会员版; 首页有四个按钮;"
        "安装包八十兆; 可以换成深色界面; 手机和电脑上都能装; 是两年前上线的; 设置在右上角;"
        "登录要收验证码; 支持三种语言; 功能跟别的差不多; 版本号已经到五了; 上手难度中等",
        "流畅; 清爽; 靠谱; 简洁; 省事; 贴心; 好用",
        "一条广告都没有; 从来没闪退过; 一点就开; 用一天就让人离不开了; 什么功能都一眼能找到;"
        "数据从没丢过; 越更新越好用; 几乎不耗电; 不充值也样样能用; 提醒每次都准",
    ),
    "restaurant": _opinions(
        "难吃; 邋遢; 冷淡; 油腻; 昂贵; 敷衍",
        "等了两个小时才上菜; 菜端上来是凉的; 吃完就让人不想再来; 桌子黏得放不下手; 分量少得可怜;"
        "服务员爱搭不理; 咸得没法下咽; 吃一顿心疼半个月; 味道大不如前; 喊了三遍都没人理",
        "在二楼; 有十来张桌子; 中午十一点开门; 周一休息; 可以刷卡也可以扫码; 门口有棵树;"
        "菜单有四页; 总店在隔壁街上; 可以打包带走; 开了五六年; 有大厅也有包间; 离地铁站一站路;"
        "辣的和不辣的都有; 价格和附近几家差不多; 想不想再来看个人口味",
        "好吃; 干净; 靠谱; 实惠; 热情; 地道; 周到",
        "坐下没多久菜就上齐了; 菜端上来热气腾腾; 吃完还让人想再来; 桌子擦得一尘不染; 分量足得很;"
        "服务员有求必应; 咸淡正好; 吃一顿回味半个月; 味道不减当年; 招呼一声就有人来",
    ),
    "hotel": _opinions(
        "嘈杂; 潮湿; 破旧; 阴暗; 憋闷; 简陋",
        "隔音差得整夜睡不着; 床单有一股霉味; 住一晚就让人想换地方; 热水时有时无; 空调吵得像拖拉机;"
        "照片和实物不是一回事; 前台半天没人理; 让人下次不想再住; 墙皮掉了一地; 早饭凉得没法吃",
        "一共六层; 下午两点以后入住; 早饭从七点开始; 有大床房也有双床房; 前台在一楼; 去年换了招牌;"
        "押金两百; 有个小停车场; 离机场三公里; 房间朝南朝北的都有; 中午十二点退房; 窗户对着马路;"
        "洗衣房在三楼; 房价跟周边差不多; 想不想再住看个人",
        "安静; 舒适; 靠谱; 宽敞; 温馨; 干净; 雅致",
        "隔音好得一觉到天亮; 床单有股阳光的味道; 住一晚就让人不想走; 热水随时都有; 空调静得听不见;"
        "实物比照片还漂亮; 前台随叫随到; 让人下次还想再住; 推开窗就是美景; 早饭丰盛得吃不完",
    ),
    "firm": _opinions(
        "业余; 拖拉; 傲慢; 黑心; 蛮横; 散漫",
        "临时加价; 打电话没人接; 交了钱就不管了; 约好的时间总迟到; 态度差得要命; 出了问题就推;"
        "服务跟不上价钱; 合同里全是坑; 做事做得一塌糊涂; 交钱容易退钱难",
        "门口摆着一排长椅; 周末也上班; 有十几个员工; 要提前一天预约; 可以开发票; 可以刷卡;"
        "分店有三家; 招牌是蓝色的; 去年搬过一次; 先签合同再付款; 电话印在名片上; 收费跟别家差不多;"
        "早上九点开门; 平时和周末一个价; 服务和价钱都是中等",
        "专业; 周到; 靠谱; 守时; 细心; 高效; 热心",
        "从不临时加价; 电话一打就通; 交了钱还管到底; 约好的时间从不迟到; 态度好得没的说;"
        "出了问题马上解决; 服务对得起价钱; 合同写得明明白白; 做事做得漂漂亮亮; 不满意就退钱",
    ),
    "spot": _opinions(
        "拥挤; 荒凉; 脏乱; 单调; 喧闹; 杂乱",
        "人多得只能看后脑勺; 垃圾到处都是; 逛十分钟就没劲了; 到处都在拉客; 风景大不如前;"
        "去了就让人后悔; 厕所脏得进不去; 没什么可看的; 一路上全是卖假货的; 不值得跑一趟",
        "有两个入口; 早上八点开放; 周一上午不开放; 要从东边进; 走一圈要一个小时; 坐公交能到;"
        "门口有停车场; 面积不大也不小; 里面有一间小卖部; 分东区和西区; 门票能网上买; 入口处有地图;"
        "去年修过一次; 可以带相机进去; 风景跟别处差不多",
        "漂亮; 清静; 清幽; 秀丽; 迷人; 整洁",
        "人少得像包了场; 到处干干净净; 逛一整天也不腻; 一路没人拉客; 风景美得像画; 去了就让人不想走;"
        "空气好得让人想多吸几口; 可看的太多了; 一步一景; 值得专门跑一趟",
    ),
}

AFFIRM = (
    "真的很{adjective}", "确实很{adjective}", "特别{adjective}", "相当{adjective}",
    "{adjective}得很", "实在太{adjective}了", "挺{adjective}的", "{adjective}极了",
    "非常{adjective}", "比想象中还{adjective}", "不是一般的{adjective}", "要多{adjective}有多{adjective}",
)  # fmt: skip
# The lists share most patterns: only the adjective tells which way the verdict is turned.
_DENY = (
    "一点也不{adjective}", "根本谈不上{adjective}", "完全不{adjective}", "丝毫不{adjective}",
    "看不出哪里{adjective}", "跟{adjective}毫不沾边", "根本不{adjective}", "半点也不{adjective}",
)  # fmt: skip
DENY = {
    "positive": (*_DENY, "完全没有别人说的那么{adjective}", "实在称不上{adjective}"),
    "negative": (*_DENY, "绝对不{adjective}", "怎么也说不上{adjective}"),
}

# {first} has the other polarity, and is what others say, since nothing can be both; the verdict is
# {final}'s, which comes last in two thirds only.
CONTRAST = (
    "大家都说{first}，其实{final}", "有人说{first}，其实{final}", "网上都说{first}，实际上{final}",
    "虽然有人说{first}，但是{final}", "尽管网上都说{first}，其实{final}",
    "外面都传{first}，结果{final}", "评论里说{first}，可是{final}", "听别人说{first}，没想到{final}",
    "传言说{first}，实际上{final}",
    "{final}，虽然有人说{first}", "{final}，尽管网上都说{first}", "{final}，别听人说什么{first}",
    "{final}，网上却有人说{first}", "{final}，哪怕有人说{first}",
)  # fmt: skip
BALANCED = (
    "有人说{good}，也有人说{bad}", "有人说{bad}，也有人说{good}",
    "一半评论说{bad}，另一半说{good}", "一半评论说{good}，另一半说{bad}",
    "喜欢的人说{good}，不喜欢的人说{bad}", "有的评论说{bad}，有的评论说{good}",
)  # fmt: skip

# -- frames: what surrounds {opinion} suits a verdict as well as a plain fact; nothing is said in
# them with 跟, with which descriptions of people begin

FRAMES = {
    "any": [
        # opinion, nobody else
        "{person}推荐的{thing}，{opinion}。",
        "{person}介绍的{thing}{opinion}。",
        "听{other}说，{person}推荐的{thing}{opinion}。",
        "{time}{person}{did}{thing}，{he}说{opinion}。",
        "{other}对我讲，{person}{did}{thing}，{opinion}。",
        "{thing}{opinion}，这话是{person}亲口对我说的。",
        "{thing}是{person}{time}推荐给我的，{opinion}。",
        "你问的{thing}，{person}很了解，{he}说{opinion}。",
        "{person}从{city}发来消息，说{thing}{opinion}。",
        "{person}在{employer}工作过，{time}{did}{thing}，{he}说{opinion}。",
        "{other}转来{person}的留言：{thing}{opinion}。",
        "说实话，{person}给我介绍的{thing}，{opinion}！",
        "{person}问我{thing}怎么样，我回{him}一句：{opinion}。",
        "麻烦转告{person}，{he}打听的{thing}{opinion}。",
        "你知道吗？{person}{did}{thing}，{opinion}！",
        "有人问起{thing}，{person}的回答是：{opinion}。",
        "{other}只是传话，{did}{thing}的是{person}，{he}说{opinion}。",
        "关于{thing}，我只听{person}的，{he}的原话是：{opinion}。",
        "{person}{time}{did}{thing}，{other}听{him}讲，{opinion}。",
        "{person}选的{thing}，{opinion}。",
        "{person}{did}{thing}，{opinion}。",
        "{person}去{city}之前说，{thing}{opinion}。",
        # opinion, two people who take part
        "{pair}在{employer}上班，听{person}说{thing}{opinion}。",
        "{pair}听{person}说，{thing}{opinion}。",
        "{person}对{pair}讲，{thing}{opinion}。",
        "{pair}{did}{person}推荐的{thing}，{opinion}。",
        "{pair}也{did}{person}提过的{thing}，{opinion}。",
        "{person}向{pair}介绍{thing}：{opinion}。",
        "{pair}向{person}打听{thing}，{he}回答说{opinion}。",
        "{pair}请{person}讲讲{thing}，{he}说{opinion}。",
        "{thing}{opinion}，{person}对{pair}这么说。",
        "{person}替{pair}问过了，{thing}{opinion}。",
        "{pair}问起{person}选的{thing}，{he}说{opinion}。",
        "{person}提醒过{pair}，{thing}{opinion}。",
        "{pair}从{city}来电话问{thing}，{person}说{opinion}。",
        "{person}给{pair}回信说，{thing}{opinion}。",
        "{time}{pair}找{person}聊天，{he}说{thing}{opinion}。",
        "{pair}早就知道，{person}提过的{thing}{opinion}。",
        "{person}当着{pair}的面说，{thing}{opinion}。",
        "{person}转告{pair}：{thing}{opinion}。",
        "{pair}转来{person}的留言：{thing}{opinion}。",
        "{other}说，{person}告诉过{pair}，{thing}{opinion}。",
        "{pair}问我{thing}怎么样，我把{person}的话说了一遍：{opinion}。",
        "{person}{time}遇见{pair}，{he}说{thing}{opinion}。",
        "{person}发消息给{pair}，说{thing}{opinion}。",
        "{person}在{employer}碰见{pair}，说{thing}{opinion}。",
        "{pair}要去{city}，{person}提醒说{thing}{opinion}。",
        "{person}在电话里告诉{pair}：{thing}{opinion}。",
        "我把{person}的话转给了{pair}：{thing}{opinion}。",
        "{person}{time}{did}{thing}，后来告诉{pair}说{opinion}。",
        "{pair}拿不准，{person}说得很明白：{thing}{opinion}。",
        "关于{thing}，{person}对{pair}只说了一句：{opinion}。",
        "{pair}给我看了{person}的短信：{thing}{opinion}。",
        "{pair}聊天时提到，{person}说{thing}{opinion}。",
        # opinion, two people in a clause of their own
        "{bond}。{person}选的{thing}{opinion}。",
        "{person}说{bond}，又说{thing}{opinion}。",
        "{person}告诉我：{bond}，{thing}{opinion}。",
        "{person}推荐的{thing}{opinion}。对了，{bond}。",
        "{person}说了两件事：{bond}；{thing}{opinion}。",
        "{bond}。至于{person}推荐的{thing}，{opinion}。",
        "{person}来信说：{bond}；{thing}{opinion}。",
        "{bond}，这是{other}说的；{person}只说{thing}{opinion}。",
        "{bond}！{person}还说，{thing}{opinion}。",
        "{bond}，{thing}{opinion}，都是{person}告诉我的。",
        "{person}先说{bond}，再说{thing}{opinion}。",
        "刚听{person}说，{bond}；{thing}{opinion}。",
        "{person}从{city}写信来，一是{bond}，二是{thing}{opinion}。",
        "听{person}讲，{bond}；{he}还说{thing}{opinion}。",
        "你知道吗？{bond}。{person}还告诉我，{thing}{opinion}。",
        # no opinion, two people
        "{person}问{pair}要不要也了解一下{thing}。",
        "{person}{time}把{thing}的介绍转给了{pair}。",
        "{pair}{time}向{person}打听过{thing}。",
        "{person}{time}{did}{thing}，{pair}还没有。",
        "麻烦问一下{person}，{he}对{pair}说的是不是{thing}？",
        "{thing}的事，{person}是听{pair}说的，{he}还没拿定主意。",
        "{pair}来自{city}，向{person}问起了{thing}。",
        "{pair}托{person}打听{thing}。",
        "{pair}从{city}来信，向{person}打听{thing}的事。",
        "{person}在{employer}向{pair}提过{thing}。",
        "{pair}会把{thing}的资料带给{person}。",
        "{person}约{pair}周五见面，聊聊{thing}。",
        "是{pair}先对{person}提起{thing}的。",
        "你能不能告诉{person}，{pair}也在打听{thing}？",
        "{bond}——{person}刚说完，就去打听{thing}了。",
        "{bond}。{person}呢，正在网上查{thing}。",
        "{other}说{bond}，还说{person}也想了解{thing}。",
        "{bond}，这是{person}说的。",
        "是{person}告诉我的：{bond}。",
        "{person}只说{bond}，没提{thing}。",
        # no opinion, nobody else
        "{person}{did}{thing}吗？",
        "{person}向{other}问起{thing}。",
        "{person}{time}{did}{thing}。",
        "{person}问我知不知道{thing}。",
        "{thing}是{person}{time}第一个对我提起的。",
        "{other}说，{person}想下个月再了解一下{thing}。",
        "{person}以前在{employer}工作，{time}{did}{thing}。",
        "{person}正在网上查{thing}，{he}还没做决定。",
        "{other}来问我，{did}{thing}的是不是{person}？",
        "麻烦你提醒{person}，{he}要的{thing}的链接我发过去了。",
        "你向{person}提过{thing}没有？",
        "{person}是{city}人，{time}{did}{thing}。",
        "{time}在{city}，{person}对我说起{thing}。",
    ],
    "gadget": [
        "{person}把{thing}借我用了三天，{opinion}。",
        "{person}刚换的{thing}，{opinion}。",
        "{person}送给{pair}的{thing}，{opinion}。",
        "{pair}借{person}的{thing}用了几天，{opinion}。",
        "{pair}照{person}说的买了{thing}，{opinion}。",
        "{person}替{pair}挑的{thing}，{opinion}。",
        "{pair}想借{person}的{thing}用几天。",
        "{person}帮{pair}把{thing}寄到了{city}。",
        "{person}的{thing}放在{city}，下周才寄回来。",
    ],
    "food": [
        "{person}从{city}带回来的{thing}，{opinion}。",
        "{person}请我尝了{thing}，{opinion}。",
        "{person}分给{pair}的{thing}，{opinion}。",
        "{pair}尝了{person}带来的{thing}，{opinion}。",
        "{person}给{pair}寄了{thing}，{he}说{opinion}。",
        "{pair}信了{person}的话，买来{thing}，{opinion}。",
        "{person}托{pair}把{thing}捎来。",
        "{person}在{city}给{pair}买了{thing}。",
        "{person}让{other}捎来的{thing}，我还没打开。",
    ],
    "story": [
        "{person}熬夜看完了{thing}，{opinion}。",
        "{person}来信谈{thing}，{he}说{opinion}。",
        "{pair}在网上聊剧情，说{person}爱看的{thing}{opinion}。",
        "{person}陪{pair}看完了{thing}，{he}说{opinion}。",
        "{person}把{thing}讲给{pair}听，还说{opinion}。",
        "{pair}看了{person}推荐的{thing}，{opinion}。",
        "{person}约{pair}周五一起看{thing}。",
        "{pair}问{person}，{thing}{he}看完了没有。",
        "你问问{person}，{thing}{he}看到哪儿了？",
    ],
    "app": [
        "{person}给我手机里装了{thing}，{opinion}。",
        "{person}把{thing}用了半年，{he}说{opinion}。",
        "{pair}问{person}要不要注册{thing}，{he}说{opinion}。",
        "{person}给{pair}装了{thing}，{opinion}。",
        "{person}教{pair}用{thing}，{he}说{opinion}。",
        "{pair}照{person}说的下载了{thing}，{opinion}。",
        "{person}用{thing}给{pair}发了个链接。",
        "{person}在{thing}上给{pair}留了言。",
        "{person}忘了{thing}的密码，正在找回。",
    ],
    "restaurant": [
        "{person}请我在{thing}吃了顿饭，{opinion}。",
        "{person}常去{thing}吃饭，{he}说{opinion}。",
        "{person}在{thing}请{pair}吃饭，{he}说这家{opinion}。",
        "{pair}去了{person}订的{thing}，{opinion}。",
        "{person}带{pair}去{thing}吃饭，{opinion}。",
        "{pair}在{thing}碰见{person}，{he}说这家{opinion}。",
        "{person}在{thing}订了位，{pair}七点到。",
        "{pair}在{thing}门口等{person}。",
        "周五晚上{person}在{thing}等我，{he}订的是靠窗的桌子。",
    ],
    "hotel": [
        "{person}出差住在{thing}，{he}说那里{opinion}。",
        "{person}给我订的{thing}，{opinion}。",
        "{person}帮{pair}订了{thing}，{opinion}。",
        "{pair}在{city}住的是{person}推荐的{thing}，{opinion}。",
        "{person}安排{pair}住进{thing}，{he}说那里{opinion}。",
        "{pair}住过{thing}，照{person}的说法，{opinion}。",
        "{person}在{thing}大堂碰见了{pair}。",
        "{person}在{thing}给{pair}留了房间。",
        "{person}下周到{city}，住{thing}，两晚。",
    ],
    "firm": [
        "{person}和{thing}打过交道，{he}说这家{opinion}。",
        "{person}找的是{thing}，{opinion}。",
        "{pair}想找{thing}，{person}说这家{opinion}。",
        "{person}把{thing}介绍给{pair}，{he}说这家{opinion}。",
        "{pair}听{person}的话找了{thing}，{opinion}。",
        "{person}陪{pair}去过{thing}，{he}说这家{opinion}。",
        "{person}把{thing}的电话给了{pair}。",
        "{person}让{pair}去问问{thing}的价钱。",
        "{person}和{thing}签了合同，下个月开始。",
    ],
    "spot": [
        "{person}带我逛了一圈{thing}，{opinion}。",
        "{person}周末常去{thing}，{he}说那里{opinion}。",
        "{person}在{thing}给{pair}拍了照，{he}说那里{opinion}。",
        "{person}带{pair}逛了{thing}，{opinion}。",
        "{pair}照{person}说的去了{thing}，{opinion}。",
        "{person}陪{pair}去{thing}走了走，{he}说那里{opinion}。",
        "{person}在{thing}门口等{pair}。",
        "{person}约{pair}下周六去{thing}。",
        "{person}打算下周末去{thing}走走，问我去不去。",
    ],
}

_DOUBLED = re.compile("[，：；]+([，。！？；）])")


def finish(text: str) -> str:
    """Drop a comma that another punctuation mark follows."""
    return _DOUBLED.sub(r"\1", text)
