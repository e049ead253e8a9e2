-- 重大事故隐患数据库:表、索引和视图。
-- 每一列写在一行,行末注释是“名称:解释”;docs/database.md 的表由这些注释生成。语句之间空一行。

CREATE TABLE book ( -- 规则库:只有一行,说明这个数据库由哪一版规则生成
    fingerprint TEXT NOT NULL PRIMARY KEY, -- 指纹:规则库全部内容的 SHA-256
    region TEXT NOT NULL, -- 地区代码:GB/T 2260 六位代码,全国为 CN
    region_name TEXT NOT NULL, -- 地区
    library_version TEXT NOT NULL -- 程序版本:生成数据库的 hazardrules 版本
);

CREATE TABLE pack ( -- 规则包:规则库由哪些规则包合成,上级在前
    id TEXT NOT NULL PRIMARY KEY, -- 标识
    position INTEGER NOT NULL UNIQUE, -- 次序
    title TEXT NOT NULL, -- 名称
    version TEXT NOT NULL, -- 版本:年.月.修订
    region TEXT NOT NULL, -- 地区代码
    fingerprint TEXT NOT NULL -- 指纹:规则包内容的 SHA-256
);

CREATE TABLE pack_requirement ( -- 规则包的要求:要有哪些规则包,最低什么版本
    pack TEXT NOT NULL REFERENCES pack (id), -- 规则包
    requires TEXT NOT NULL, -- 要求的规则包
    version TEXT NOT NULL, -- 最低版本
    PRIMARY KEY (pack, requires)
) WITHOUT ROWID;

CREATE TABLE place ( -- 地名:规则包给出的市、县名称
    code TEXT NOT NULL PRIMARY KEY, -- 代码:GB/T 2260 六位代码
    name TEXT NOT NULL -- 名称
) WITHOUT ROWID;

CREATE TABLE industry ( -- 行业:地方增加的专题也在这里
    id TEXT NOT NULL PRIMARY KEY, -- 标识
    position INTEGER NOT NULL UNIQUE, -- 次序
    label TEXT NOT NULL, -- 名称
    gap TEXT -- 缺口:还没有判定标准的写明缺什么
);

CREATE TABLE industry_alias ( -- 行业别名
    industry TEXT NOT NULL REFERENCES industry (id), -- 行业
    position INTEGER NOT NULL, -- 次序
    alias TEXT NOT NULL, -- 别名
    PRIMARY KEY (industry, position)
) WITHOUT ROWID;

CREATE INDEX industry_alias_alias ON industry_alias (alias);

CREATE TABLE industry_parent ( -- 行业从属:一个行业属于哪些更大的行业
    industry TEXT NOT NULL REFERENCES industry (id), -- 行业
    parent TEXT NOT NULL REFERENCES industry (id), -- 上级行业
    PRIMARY KEY (industry, parent)
) WITHOUT ROWID;

CREATE INDEX industry_parent_parent ON industry_parent (parent);

CREATE TABLE document ( -- 判定标准文件:一个文件的一个版本一行
    id TEXT NOT NULL PRIMARY KEY, -- 标识
    position INTEGER NOT NULL UNIQUE, -- 次序
    pack TEXT NOT NULL REFERENCES pack (id), -- 规则包
    title TEXT NOT NULL, -- 标题
    number TEXT, -- 文号
    name TEXT NOT NULL, -- 引用名称:《标题》(文号)
    issuer TEXT NOT NULL, -- 发布机关
    rank TEXT NOT NULL, -- 效力层级
    issued DATE NOT NULL, -- 印发日
    effective DATE, -- 施行日:文件没有列的为空
    starts DATE NOT NULL, -- 适用起日:施行日,没有列的为印发日
    expires DATE, -- 适用止日:当日起不再适用;空为仍然适用
    all_industries BOOLEAN NOT NULL, -- 适用所有行业
    gate TEXT, -- 前提条件:本文件每一条都要先满足的表达式
    coverage TEXT NOT NULL CHECK (coverage IN ('full', 'partial', 'none')), -- 收录:full 全部,partial 部分,none 只登记
    source TEXT, -- 来源
    note TEXT -- 说明
);

CREATE INDEX document_starts ON document (starts, expires);

CREATE TABLE document_industry ( -- 文件适用的行业:适用所有行业的没有行
    document TEXT NOT NULL REFERENCES document (id), -- 文件
    industry TEXT NOT NULL REFERENCES industry (id), -- 行业
    PRIMARY KEY (document, industry)
) WITHOUT ROWID;

CREATE INDEX document_industry_industry ON document_industry (industry);

CREATE TABLE document_missing ( -- 文件没有收录的条款:文件有效时,这些是依据缺口
    document TEXT NOT NULL REFERENCES document (id), -- 文件
    position INTEGER NOT NULL, -- 次序
    citation TEXT NOT NULL, -- 条款
    PRIMARY KEY (document, position)
) WITHOUT ROWID;

CREATE TABLE document_relation ( -- 文件之间的关系
    document TEXT NOT NULL REFERENCES document (id), -- 文件
    relation TEXT NOT NULL CHECK (relation IN ('supersedes', 'supplements', 'elaborated_by')), -- 关系:supersedes 取代,supplements 补充,elaborated_by 由它细化
    other TEXT NOT NULL, -- 另一文件:按日期导出的规则库里可能没有它
    PRIMARY KEY (document, relation, other)
) WITHOUT ROWID;

CREATE TABLE lookup_band ( -- 判定表:表达式 band("表", x) 查的分段常数
    document TEXT NOT NULL REFERENCES document (id), -- 文件
    name TEXT NOT NULL, -- 表名
    position INTEGER NOT NULL, -- 次序
    low NUMERIC, -- 下界:空为没有下界
    low_included BOOLEAN NOT NULL, -- 含下界
    high NUMERIC, -- 上界:空为没有上界
    high_included BOOLEAN NOT NULL, -- 含上界
    value NUMERIC NOT NULL, -- 取值
    PRIMARY KEY (document, name, position)
) WITHOUT ROWID;

CREATE TABLE domain ( -- 事实领域
    id TEXT NOT NULL PRIMARY KEY, -- 标识
    label TEXT NOT NULL -- 名称
) WITHOUT ROWID;

CREATE TABLE fact ( -- 观测事实:词表,一个可观测的量一行
    id TEXT NOT NULL PRIMARY KEY, -- 标识:领域.名称
    position INTEGER NOT NULL UNIQUE, -- 次序
    pack TEXT NOT NULL REFERENCES pack (id), -- 规则包
    domain TEXT NOT NULL REFERENCES domain (id), -- 领域
    type TEXT NOT NULL CHECK (type IN ('boolean', 'integer', 'number', 'enum', 'set', 'date', 'text')), -- 类型:boolean 是否,integer 整数,number 数,enum 单选,set 多选,date 日期,text 文字
    label TEXT NOT NULL, -- 名称
    unit TEXT, -- 单位
    minimum NUMERIC, -- 最小值:含本数
    maximum NUMERIC, -- 最大值:含本数
    assume TEXT, -- 没有报告时的取值:JSON;空为未知
    note TEXT -- 说明
);

CREATE INDEX fact_domain ON fact (domain);

CREATE INDEX fact_label ON fact (label);

CREATE TABLE fact_option ( -- 事实的可选值:单选、多选事实可以取的值
    fact TEXT NOT NULL REFERENCES fact (id), -- 事实
    value TEXT NOT NULL, -- 取值
    position INTEGER NOT NULL, -- 次序
    label TEXT NOT NULL, -- 名称
    pack TEXT NOT NULL REFERENCES pack (id), -- 规则包:给出或者增加这个值的
    counts_as TEXT, -- 相当于:后来增加的值,在原有规则里按哪个值算
    PRIMARY KEY (fact, value)
) WITHOUT ROWID;

CREATE TABLE element ( -- 判定要素:供综合判定计数的子条件,表达式里写 element.名称
    document TEXT NOT NULL REFERENCES document (id), -- 文件
    position INTEGER NOT NULL, -- 次序
    id TEXT NOT NULL UNIQUE, -- 标识
    ref TEXT NOT NULL, -- 条款
    title TEXT NOT NULL, -- 内容
    condition TEXT, -- 条件:规范写法的表达式
    note TEXT, -- 说明
    PRIMARY KEY (document, position)
);

CREATE TABLE rule ( -- 判定情形:一条款项一行
    seq INTEGER NOT NULL PRIMARY KEY, -- 序号:全库的次序,也是全文索引的行号
    id TEXT NOT NULL UNIQUE, -- 标识:不改号,不再用
    document TEXT NOT NULL REFERENCES document (id), -- 文件:适用期间见文件
    ref TEXT NOT NULL, -- 条款
    citation TEXT NOT NULL, -- 依据:《标题》(文号)条款
    group_name TEXT, -- 分组
    title TEXT NOT NULL, -- 情形
    level TEXT NOT NULL CHECK (level IN ('major', 'general')), -- 级别:major 重大,general 一般
    status TEXT NOT NULL CHECK (status IN ('stable', 'draft')), -- 状态:stable 正式,draft 只有第二手文字、不决定级别
    manual BOOLEAN NOT NULL, -- 由人认定
    all_industries BOOLEAN NOT NULL, -- 适用所有行业
    condition TEXT, -- 条件:规范写法的表达式,不含文件的前提条件;由人认定的为空
    tightens TEXT, -- 加严:比哪一条严
    remedy TEXT, -- 整改
    inspect TEXT, -- 检查
    note TEXT -- 说明
);

CREATE INDEX rule_document ON rule (document, seq);

CREATE TABLE rule_industry ( -- 情形适用的行业:适用所有行业的没有行
    rule TEXT NOT NULL REFERENCES rule (id), -- 情形
    industry TEXT NOT NULL REFERENCES industry (id), -- 行业
    PRIMARY KEY (rule, industry)
) WITHOUT ROWID;

CREATE INDEX rule_industry_industry ON rule_industry (industry);

CREATE TABLE rule_fact ( -- 情形读的事实
    rule TEXT NOT NULL REFERENCES rule (id), -- 情形
    fact TEXT NOT NULL REFERENCES fact (id), -- 事实
    position INTEGER NOT NULL, -- 次序
    in_gate BOOLEAN NOT NULL, -- 只在前提条件里:只由文件的前提条件读到
    PRIMARY KEY (rule, fact)
) WITHOUT ROWID;

CREATE INDEX rule_fact_fact ON rule_fact (fact);

CREATE TABLE rule_also_cited ( -- 另引条款:条件成立时一并引用
    rule TEXT NOT NULL REFERENCES rule (id), -- 情形
    position INTEGER NOT NULL, -- 次序
    ref TEXT NOT NULL, -- 条款
    condition TEXT NOT NULL, -- 条件
    PRIMARY KEY (rule, position)
) WITHOUT ROWID;

CREATE TABLE counting ( -- 计日规则:期限怎样数
    pack TEXT NOT NULL REFERENCES pack (id), -- 规则包
    id TEXT NOT NULL, -- 标识
    rest_day TEXT NOT NULL CHECK (rest_day IN ('stays', 'rolls')), -- 末日是休息日:stays 不变,rolls 顺延
    effective DATE, -- 施行日
    citation TEXT NOT NULL, -- 依据
    evidence TEXT NOT NULL, -- 证据
    text TEXT NOT NULL, -- 内容
    PRIMARY KEY (pack, id)
) WITHOUT ROWID;

CREATE TABLE law ( -- 规定期限和义务的法规:没有读到条文的也在这里
    seq INTEGER NOT NULL PRIMARY KEY, -- 序号
    pack TEXT NOT NULL REFERENCES pack (id), -- 规则包
    id TEXT NOT NULL, -- 标识
    title TEXT NOT NULL, -- 标题
    number TEXT, -- 文号
    name TEXT NOT NULL, -- 引用名称:《标题》(文号)
    rank TEXT NOT NULL, -- 效力层级
    issued DATE, -- 印发日:没有读到的为空
    effective DATE, -- 施行日:没有读到的为空
    expires DATE, -- 止日:当日起不再适用
    status TEXT NOT NULL CHECK (status IN ('in_force', 'unverified', 'repealed')), -- 状态:in_force 现行,unverified 没有核对,repealed 已失效
    coverage TEXT NOT NULL CHECK (coverage IN ('full', 'partial', 'none')), -- 读到:full 全部,partial 部分,none 没有
    source TEXT, -- 来源
    note TEXT, -- 说明
    UNIQUE (pack, id)
);

CREATE TABLE law_missing ( -- 法规没有读到的内容
    law INTEGER NOT NULL REFERENCES law (seq), -- 法规
    position INTEGER NOT NULL, -- 次序
    missing TEXT NOT NULL, -- 没有读到
    PRIMARY KEY (law, position)
) WITHOUT ROWID;

CREATE TABLE law_industry ( -- 法规的行业:没有行的适用所有行业
    law INTEGER NOT NULL REFERENCES law (seq), -- 法规
    industry TEXT NOT NULL REFERENCES industry (id), -- 行业
    PRIMARY KEY (law, industry)
) WITHOUT ROWID;

CREATE TABLE deadline_provision ( -- 整改期限的规定
    seq INTEGER NOT NULL PRIMARY KEY, -- 序号
    pack TEXT NOT NULL REFERENCES pack (id), -- 规则包
    id TEXT NOT NULL, -- 标识
    level TEXT NOT NULL CHECK (level IN ('major', 'general', 'any')), -- 级别:major 重大,general 一般,any 都适用
    source TEXT NOT NULL CHECK (source IN ('statutory', 'policy')), -- 性质:statutory 法定,policy 策略(不是法律)
    days INTEGER NOT NULL, -- 数目:单位见计法
    day_kind TEXT NOT NULL, -- 计法:calendar 自然日,working 工作日,immediate 立即,months 月
    counting TEXT, -- 计日规则
    effective DATE, -- 施行日
    expires DATE, -- 止日:当日起不再适用
    citation TEXT NOT NULL, -- 依据
    evidence TEXT NOT NULL, -- 证据
    text TEXT NOT NULL, -- 内容
    UNIQUE (pack, id)
);

CREATE TABLE deadline_industry ( -- 期限规定的行业:没有行的适用所有行业
    provision INTEGER NOT NULL REFERENCES deadline_provision (seq), -- 规定
    industry TEXT NOT NULL REFERENCES industry (id), -- 行业
    PRIMARY KEY (provision, industry)
) WITHOUT ROWID;

CREATE TABLE deadline_document ( -- 期限规定的文件:没有行的适用所有文件
    provision INTEGER NOT NULL REFERENCES deadline_provision (seq), -- 规定
    document TEXT NOT NULL, -- 文件:按日期导出的规则库里可能没有它
    PRIMARY KEY (provision, document)
) WITHOUT ROWID;

CREATE TABLE duty_provision ( -- 后续义务的规定:报告、方案、停产、督办、复查……
    seq INTEGER NOT NULL PRIMARY KEY, -- 序号
    pack TEXT NOT NULL REFERENCES pack (id), -- 规则包
    id TEXT NOT NULL, -- 标识
    level TEXT NOT NULL CHECK (level IN ('major', 'general', 'any')), -- 级别:major 重大,general 一般,any 都适用
    kind TEXT NOT NULL, -- 种类:report 报告,plan 方案,stop_work 停产停用,evacuate 撤人,supervise 督办,recheck 复查,accept 验收,publicise 公示,notify_staff 通报从业人员,dispatch 移送
    actor TEXT NOT NULL, -- 由谁
    triggered_by TEXT NOT NULL, -- 何时发生
    period TEXT, -- 时间要求:原文的说法
    days INTEGER, -- 数目:没有定的为空
    day_kind TEXT, -- 计法:calendar 自然日,working 工作日,hours 小时
    counting TEXT, -- 计日规则
    extends TEXT, -- 延长:延长哪一项义务的时间
    effective DATE, -- 施行日
    expires DATE, -- 止日:当日起不再适用
    citation TEXT NOT NULL, -- 依据
    evidence TEXT NOT NULL, -- 证据
    text TEXT NOT NULL, -- 内容
    UNIQUE (pack, id)
);

CREATE TABLE duty_industry ( -- 义务规定的行业:没有行的适用所有行业
    provision INTEGER NOT NULL REFERENCES duty_provision (seq), -- 规定
    industry TEXT NOT NULL REFERENCES industry (id), -- 行业
    PRIMARY KEY (provision, industry)
) WITHOUT ROWID;

CREATE TABLE duty_document ( -- 义务规定的文件:没有行的适用所有文件
    provision INTEGER NOT NULL REFERENCES duty_provision (seq), -- 规定
    document TEXT NOT NULL, -- 文件:按日期导出的规则库里可能没有它
    PRIMARY KEY (provision, document)
) WITHOUT ROWID;

CREATE TABLE duty_start ( -- 义务的起算:由哪些事件引起,先发生的算
    provision INTEGER NOT NULL REFERENCES duty_provision (seq), -- 规定
    position INTEGER NOT NULL, -- 次序
    event TEXT NOT NULL, -- 事件:observed 查出,due 期限届满,trigger 没有对应的事件,其余见后续跟踪
    PRIMARY KEY (provision, position)
) WITHOUT ROWID;

CREATE TABLE duty_recurrence ( -- 周期性义务的日子
    provision INTEGER NOT NULL REFERENCES duty_provision (seq), -- 规定
    position INTEGER NOT NULL, -- 次序
    every TEXT NOT NULL CHECK (every IN ('quarter', 'year')), -- 周期:quarter 每季,year 每年
    month INTEGER NOT NULL, -- 月:下一周期的第几个月
    day INTEGER NOT NULL, -- 日
    PRIMARY KEY (provision, position)
) WITHOUT ROWID;

CREATE TABLE duty_repetition ( -- 多次发生引起的义务
    provision INTEGER NOT NULL REFERENCES duty_provision (seq), -- 规定
    position INTEGER NOT NULL, -- 次序
    event TEXT NOT NULL, -- 事件:penalised 行政处罚,found_producing 发现仍然生产
    times INTEGER NOT NULL, -- 次数
    within_time INTEGER NOT NULL, -- 多久以内
    unit TEXT NOT NULL CHECK (unit IN ('days', 'months', 'years')), -- 时间单位:days 日,months 月,years 年
    PRIMARY KEY (provision, position)
) WITHOUT ROWID;

CREATE TABLE judgment ( -- 判定结论:追加进来的结论,一份一行
    id INTEGER NOT NULL PRIMARY KEY, -- 编号:记入的次序
    sha256 TEXT NOT NULL, -- 内容摘要:同一单位同样内容的结论只记一次
    unit TEXT, -- 单位
    ref TEXT, -- 检查编号
    observed_on DATE NOT NULL, -- 检查日期
    region TEXT, -- 地区代码
    level TEXT NOT NULL CHECK (level IN ('major', 'general', 'none')), -- 级别:major 重大,general 一般,none 未构成隐患
    conclusive BOOLEAN NOT NULL, -- 结论确定
    reported BOOLEAN NOT NULL, -- 检查人员按隐患报告
    industry_assumed BOOLEAN NOT NULL, -- 行业是假定的:没有给出行业,按全部行业核对
    reason TEXT NOT NULL, -- 理由
    due_on DATE, -- 整改期限:最后一日
    deadline_source TEXT, -- 期限性质:ordered 责令,statutory 法定,policy 策略(不是法律)
    deadline_text TEXT, -- 期限说明
    policy TEXT, -- 期限策略:判定时另给的策略的名称
    fingerprint TEXT NOT NULL, -- 规则库指纹:判定所用的,可能与本库的不同
    library_version TEXT NOT NULL, -- 程序版本
    json TEXT NOT NULL -- 结论全文:JSON,可以用 Judgment.model_validate_json 读回
);

CREATE UNIQUE INDEX judgment_content ON judgment (sha256, ifnull(unit, ''));

CREATE INDEX judgment_observed_on ON judgment (observed_on);

CREATE INDEX judgment_unit ON judgment (unit, observed_on);

CREATE INDEX judgment_ref ON judgment (ref);

CREATE INDEX judgment_level ON judgment (level, due_on);

CREATE TABLE judgment_industry ( -- 结论的行业
    judgment INTEGER NOT NULL REFERENCES judgment (id) ON DELETE CASCADE, -- 结论
    industry TEXT NOT NULL, -- 行业
    PRIMARY KEY (judgment, industry)
) WITHOUT ROWID;

CREATE TABLE judgment_fact ( -- 结论所据的事实:检查报告的
    judgment INTEGER NOT NULL REFERENCES judgment (id) ON DELETE CASCADE, -- 结论
    fact TEXT NOT NULL, -- 事实
    value TEXT NOT NULL, -- 取值:JSON
    PRIMARY KEY (judgment, fact)
) WITHOUT ROWID;

CREATE INDEX judgment_fact_fact ON judgment_fact (fact);

CREATE TABLE judgment_other ( -- 结论的其他情况:词表里没有,用文字写的
    judgment INTEGER NOT NULL REFERENCES judgment (id) ON DELETE CASCADE, -- 结论
    position INTEGER NOT NULL, -- 次序
    text TEXT NOT NULL, -- 文字
    PRIMARY KEY (judgment, position)
) WITHOUT ROWID;

CREATE TABLE finding ( -- 命中情形
    id INTEGER NOT NULL PRIMARY KEY, -- 编号
    judgment INTEGER NOT NULL REFERENCES judgment (id) ON DELETE CASCADE, -- 结论
    position INTEGER NOT NULL, -- 次序
    rule TEXT NOT NULL, -- 情形:按别的规则库判定的,本库里可能没有
    document TEXT NOT NULL, -- 文件
    level TEXT NOT NULL, -- 级别:major 重大,general 一般
    decided_by TEXT NOT NULL CHECK (decided_by IN ('facts', 'person')), -- 判定者:facts 事实,person 人
    title TEXT NOT NULL, -- 内容
    citation TEXT NOT NULL, -- 依据
    reason TEXT NOT NULL, -- 理由
    remedy TEXT, -- 整改
    due_on DATE, -- 整改期限:最后一日
    deadline_source TEXT, -- 期限性质:ordered 责令,statutory 法定,policy 策略(不是法律)
    provisional BOOLEAN, -- 期限暂定:工作日历还没有公布
    deadline_text TEXT, -- 期限说明
    UNIQUE (judgment, position)
);

CREATE INDEX finding_rule ON finding (rule);

CREATE INDEX finding_document ON finding (document, level);

CREATE INDEX finding_due_on ON finding (due_on);

CREATE TABLE finding_fact ( -- 命中的理由:使情形成立的最少事实
    finding INTEGER NOT NULL REFERENCES finding (id) ON DELETE CASCADE, -- 命中情形
    alternative INTEGER NOT NULL, -- 第几种:0 为主要的,1 起为另外也成立的
    position INTEGER NOT NULL, -- 次序
    fact TEXT NOT NULL, -- 事实
    value TEXT NOT NULL, -- 取值:JSON
    text TEXT NOT NULL, -- 文字:名称、取值和单位
    PRIMARY KEY (finding, alternative, position)
) WITHOUT ROWID;

CREATE TABLE judgment_duty ( -- 结论带的后续义务
    judgment INTEGER NOT NULL REFERENCES judgment (id) ON DELETE CASCADE, -- 结论
    position INTEGER NOT NULL, -- 次序
    finding INTEGER REFERENCES finding (id) ON DELETE CASCADE, -- 命中情形:没有命中的为空
    duty TEXT NOT NULL, -- 义务
    kind TEXT NOT NULL, -- 种类
    actor TEXT NOT NULL, -- 由谁
    due_on DATE, -- 到期日:从查出起算或者按历的;由后来的事引起的为空
    triggered_by TEXT NOT NULL, -- 何时发生
    citation TEXT NOT NULL, -- 依据
    text TEXT NOT NULL, -- 内容
    PRIMARY KEY (judgment, position)
) WITHOUT ROWID;

CREATE INDEX judgment_duty_finding ON judgment_duty (finding);

CREATE INDEX judgment_duty_due_on ON judgment_duty (due_on);

CREATE TABLE open_rule ( -- 待定情形:事实触及而不能判定的
    id INTEGER NOT NULL PRIMARY KEY, -- 编号
    judgment INTEGER NOT NULL REFERENCES judgment (id) ON DELETE CASCADE, -- 结论
    position INTEGER NOT NULL, -- 次序
    rule TEXT NOT NULL, -- 情形
    document TEXT NOT NULL, -- 文件
    level TEXT NOT NULL, -- 级别:major 重大,general 一般
    manual BOOLEAN NOT NULL, -- 由人认定
    title TEXT NOT NULL, -- 内容
    citation TEXT NOT NULL, -- 依据
    inspect TEXT, -- 检查
    UNIQUE (judgment, position)
);

CREATE INDEX open_rule_rule ON open_rule (rule);

CREATE TABLE open_question ( -- 待定要问的事实
    open_rule INTEGER NOT NULL REFERENCES open_rule (id) ON DELETE CASCADE, -- 待定情形
    position INTEGER NOT NULL, -- 次序
    fact TEXT NOT NULL, -- 事实
    label TEXT NOT NULL, -- 名称
    allowed TEXT NOT NULL, -- 可以填的值
    PRIMARY KEY (open_rule, position)
) WITHOUT ROWID;

CREATE TABLE gap ( -- 依据缺口:有效而没有(全部)收录的文件
    judgment INTEGER NOT NULL REFERENCES judgment (id) ON DELETE CASCADE, -- 结论
    position INTEGER NOT NULL, -- 次序
    document TEXT, -- 文件
    title TEXT NOT NULL, -- 标题
    text TEXT NOT NULL, -- 说明
    PRIMARY KEY (judgment, position)
) WITHOUT ROWID;

CREATE INDEX gap_document ON gap (document);

CREATE VIEW v_rule AS -- 判定情形一览:带文件、行业、适用期间
SELECT
    rule.id AS id, -- 标识
    rule.document AS document, -- 文件
    document.title AS document_title, -- 文件标题
    document.number AS number, -- 文号
    rule.ref AS ref, -- 条款
    rule.citation AS citation, -- 依据
    rule.group_name AS group_name, -- 分组
    rule.title AS title, -- 情形
    CASE rule.level WHEN 'major' THEN '重大' ELSE '一般' END AS level, -- 级别
    CASE WHEN rule.status = 'draft' THEN '第二手' WHEN rule.manual THEN '由人认定' ELSE '由事实判定' END AS kind, -- 判定方式
    CASE WHEN rule.all_industries THEN '所有行业' ELSE (
        SELECT group_concat(label, '、') FROM (
            SELECT industry.label FROM rule_industry JOIN industry ON industry.id = rule_industry.industry
            WHERE rule_industry.rule = rule.id ORDER BY industry.position
        )
    ) END AS industries, -- 行业
    rule.condition AS condition, -- 条件
    document.gate AS gate, -- 前提条件
    rule.inspect AS inspect, -- 检查
    rule.remedy AS remedy, -- 整改
    rule.note AS note, -- 说明
    document.starts AS starts, -- 适用起日
    document.expires AS expires -- 适用止日:当日起不再适用
FROM rule JOIN document ON document.id = rule.document;

CREATE VIEW v_rules_in_force AS -- 现行判定情形:今天(北京时间)适用的,列同 v_rule
SELECT * FROM v_rule
WHERE starts <= date('now', '+8 hours') AND (expires IS NULL OR expires > date('now', '+8 hours'));

CREATE VIEW v_rule_for_industry AS -- 行业的判定情形:本行业、上级行业、下级行业和所有行业的
WITH RECURSIVE wider (industry, other) AS (
    SELECT id, id FROM industry
    UNION
    SELECT wider.industry, industry_parent.parent FROM wider JOIN industry_parent ON industry_parent.industry = wider.other
), kin (industry, other) AS (
    SELECT industry, other FROM wider UNION SELECT other, industry FROM wider
)
SELECT
    industry.id AS industry, -- 行业
    rule.id AS rule -- 情形
FROM industry JOIN rule ON rule.all_industries OR rule.id IN (
    SELECT rule_industry.rule FROM rule_industry JOIN kin ON kin.other = rule_industry.industry
    WHERE kin.industry = industry.id
);

CREATE VIEW v_document AS -- 文件一览:收录了多少情形
SELECT
    document.id AS id, -- 标识
    document.name AS name, -- 引用名称
    document.issuer AS issuer, -- 发布机关
    document.starts AS starts, -- 适用起日
    document.expires AS expires, -- 适用止日:当日起不再适用
    document.coverage AS coverage, -- 收录:full 全部,partial 部分,none 只登记
    (SELECT count(*) FROM rule WHERE rule.document = document.id) AS rules, -- 情形数
    (SELECT count(*) FROM rule WHERE rule.document = document.id AND rule.manual) AS manual, -- 由人认定数
    (SELECT count(*) FROM document_missing WHERE document_missing.document = document.id) AS missing -- 没有收录的条款数
FROM document;

CREATE VIEW v_fact AS -- 观测事实一览:带领域、可选值、被多少情形使用
SELECT
    fact.id AS id, -- 标识
    domain.label AS domain, -- 领域
    fact.label AS label, -- 名称
    fact.type AS type, -- 类型
    fact.unit AS unit, -- 单位
    (
        SELECT group_concat(label, '、') FROM (
            SELECT fact_option.label FROM fact_option WHERE fact_option.fact = fact.id ORDER BY fact_option.position
        )
    ) AS options, -- 可选值
    (SELECT count(*) FROM rule_fact WHERE rule_fact.fact = fact.id) AS rules, -- 情形数
    fact.note AS note -- 说明
FROM fact JOIN domain ON domain.id = fact.domain;

CREATE VIEW v_finding AS -- 命中情形一览:带单位、检查日期、期限;查逾期用它
SELECT
    finding.id AS finding, -- 命中情形
    finding.judgment AS judgment, -- 结论
    judgment.unit AS unit, -- 单位
    judgment.ref AS ref, -- 检查编号
    judgment.observed_on AS observed_on, -- 检查日期
    judgment.region AS region, -- 地区代码
    finding.rule AS rule, -- 情形
    finding.document AS document, -- 文件
    finding.level AS level, -- 级别
    finding.title AS title, -- 内容
    finding.citation AS citation, -- 依据
    finding.due_on AS due_on, -- 整改期限
    finding.deadline_source AS deadline_source -- 期限性质
FROM finding JOIN judgment ON judgment.id = finding.judgment;

CREATE VIEW v_major_by_document AS -- 重大隐患按文件统计:命中的重大情形
SELECT
    finding.document AS document, -- 文件
    document.name AS name, -- 引用名称:本库没有的文件为空
    count(*) AS findings, -- 命中数
    count(DISTINCT finding.judgment) AS judgments, -- 结论数
    count(DISTINCT judgment.unit) AS units -- 单位数
FROM finding JOIN judgment ON judgment.id = finding.judgment LEFT JOIN document ON document.id = finding.document
WHERE finding.level = 'major' GROUP BY finding.document, document.name;

CREATE VIEW v_other_rulebook AS -- 按别的规则库判定的结论:指纹与本库不同,可以用 replay 重算
SELECT
    judgment.id AS judgment, -- 结论
    judgment.unit AS unit, -- 单位
    judgment.ref AS ref, -- 检查编号
    judgment.observed_on AS observed_on, -- 检查日期
    judgment.fingerprint AS fingerprint -- 规则库指纹
FROM judgment WHERE judgment.fingerprint NOT IN (SELECT fingerprint FROM book);
