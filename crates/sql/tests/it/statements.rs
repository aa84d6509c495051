//! Statements and what they do, as a table.

use placet_sql::Act::{Change, Destroy, Grant, Look, ReadFile, Remove, Schema, Shell, WriteFile};
use placet_sql::Dialect::{Mongo, MySql, Postgres, Sqlite};
use placet_sql::{Act, Dialect, statements};

fn file(path: &str) -> String {
    path.to_owned()
}

#[track_caller]
fn does(dialect: Dialect, text: &str, acts: &[Act]) {
    let effects = statements(text, dialect);
    assert_eq!((effects.acts.as_slice(), effects.unknown.as_deref()), (acts, None), "{text}");
}

#[track_caller]
fn unknown(dialect: Dialect, text: &str) {
    let effects = statements(text, dialect);
    assert!(effects.unknown.is_some(), "{text}: {effects:?}");
    assert!(!effects.only_looks());
}

#[test]
fn looking() {
    for text in [
        "select 1",
        "SELECT count(*) FROM users WHERE name = 'drop table x';",
        "select a.b, max(c) from a join d on (a.id = d.id) where x in (1, 2)",
        "with x as (select 1) select * from x",
        "explain select 1",
        "select 1 -- drop table x",
        "select /* drop table x */ 1",
        "select * from a union all select * from b order by 1 limit 5",
        "select case when a > 1 then 'x' else 'y' end from t",
        "select a from (select b from (select c from d where e in (select f from g where (h = (1 + (2)))))) i",
        "",
    ] {
        for dialect in [Postgres, MySql, Sqlite] {
            assert!(
                statements(text, dialect).only_looks(),
                "{dialect:?} {text} {:?}",
                statements(text, dialect)
            );
        }
    }
    does(Postgres, "select id::text, data->>'a' from t where at > now() - interval '1 day'", &[Look]);
    does(Postgres, "select pg_catalog.count(*) from t", &[Look]);
    does(Postgres, "select 'at 10:30'", &[Look]);
    does(MySql, "show tables; describe users", &[Look]);
    does(Sqlite, "pragma table_info(users)", &[Look]);
    does(Sqlite, ".mode column\nselect * from t;", &[Look]);
    does(Sqlite, ".schema users", &[Look]);
    does(Postgres, "\\d+ users", &[Look]);
    does(Postgres, "\\x\nselect 1;", &[Look]);
}

#[test]
fn changing() {
    does(Postgres, "insert into t values (1, 'x')", &[Change]);
    does(Postgres, "insert into t (a) values (1) on conflict (a) do update set a = 2", &[Change]);
    does(Postgres, "update t set a = 1 where id = 2", &[Change]);
    does(Postgres, "delete from t where id = 2", &[Remove]);
    does(Postgres, "begin; delete from t where id = 2; commit", &[Remove]);
    does(Postgres, "create table t (a int primary key)", &[Schema]);
    does(Postgres, "alter table t add column a int", &[Schema]);
    does(Postgres, "create index i on t (a)", &[Schema]);
    does(Postgres, "with x as (delete from t where a = 1 returning *) select * from x", &[Look, Remove]);
    does(Postgres, "grant all on t to bob", &[Grant]);
}

#[test]
fn losing() {
    for text in [
        "drop table t",
        "drop schema s cascade",
        "delete from t",
        "delete from t where true",
        "delete from t where 1 = 1",
        "update t set a = null",
        "alter table t drop column a",
        "truncate table t",
        "merge into t using s on t.a = s.a when matched then delete",
        "insert into t select * from s on conflict (a) do update set b = 0",
    ] {
        assert!(statements(text, Postgres).acts.contains(&Destroy), "{text}");
    }
    does(MySql, "drop database app", &[Destroy]);
    does(Sqlite, "delete from t", &[Destroy]);
    does(Sqlite, "replace into t select id, 0 from t", &[Destroy]);
    does(Sqlite, "insert or replace into t values (1, 2)", &[Change]);
}

#[test]
fn files_and_programs() {
    does(Sqlite, "select readfile('.env')", &[Look, ReadFile(file(".env"))]);
    does(Sqlite, "select writefile('x', 'y')", &[Look, WriteFile(file("x"))]);
    does(Sqlite, "attach 'other.db' as o", &[ReadFile(file("other.db")), WriteFile(file("other.db"))]);
    does(Sqlite, ".output out.txt\nselect 1;", &[Look, WriteFile(file("out.txt"))]);
    does(Sqlite, ".shell id", &[Shell(file("id"))]);
    does(Postgres, "\\! id", &[Shell(file("id"))]);
    does(Postgres, "\\copy t to 'x.csv' csv header", &[Look, WriteFile(file("x.csv"))]);
    does(Postgres, "\\copy (select * from t) to '/tmp/x'", &[Look, WriteFile(file("/tmp/x"))]);
    does(Postgres, "\\copy t from x.csv", &[Change, ReadFile(file("x.csv"))]);
    does(Postgres, "\\copy t to program 'gzip > x'", &[Look, Shell(file("gzip > x"))]);
    does(Postgres, "\\o |sh", &[Shell(file("sh"))]);
}

#[test]
fn not_understood() {
    for text in [
        "select pg_read_file('/etc/passwd')",
        "select lo_export(1, '/x')",
        "select \"drop_all\" (1)",
        "select my.count(1)",
        "select * into y from x",
        "select * from x for update",
        "copy t to '/x'",
        "copy t from program 'id'",
        "do $$ begin end $$",
        "create extension dblink",
        "select 1 \\g |sh",
        "select :name",
        "select :'name'",
        "select 1:::name",
        "\\dt \\! id",
        "\\dt `id`",
        "\\i x.sql",
        "call p()",
        "select $1 @#@ 2",
        "vacuum into 'x'",
        "select 'a",
        "select /*! 1 */ 2",
        "set role admin",
        "alter system set x = 1",
    ] {
        unknown(Postgres, text);
    }
    for text in [
        "select 'a\\' ; drop table x --'",
        "select load_file('/etc/passwd')",
        "select 1 into outfile '/x'",
        "/*!50000 drop table x */",
        "load data infile 'x' into table t",
        "select sys_exec('id')",
        "select 1--1",
        "select @a := 1",
        "system id",
        "source x.sql",
    ] {
        unknown(MySql, text);
    }
    for text in [
        "select load_extension('x')",
        "select readfile(name) from t",
        ".schema users; drop table t",
        ".import '|id' t",
        ".read x.sql",
        "pragma writable_schema=1",
        "pragma journal_mode(delete)",
        ".load x",
        ".tables |sh",
        "select 1;\n.unknown",
        "select edit('x')",
    ] {
        unknown(Sqlite, text);
    }
}

#[test]
fn documents() {
    does(Mongo, "db.users.find({ age: { $gt: 3 } }).limit(5)", &[Look]);
    does(Mongo, "db.users.deleteMany({})", &[Destroy]);
    does(Mongo, "db.users.deleteOne({ _id: 1 })", &[Remove]);
    does(Mongo, "db.users.insertOne({ name: 'x' }); show collections", &[Change, Look]);
    does(Mongo, "db.dropDatabase()", &[Destroy]);
    does(Mongo, "printjson(db.users.countDocuments({}))", &[Look]);
    for text in [
        "db.users.find({ $where: 'x' })",
        "db.users.find({ '$where': 'x' })",
        "db.users.aggregate([{ $out: 'x' }])",
        "db['users'].drop()",
        "db.users.find().forEach(x => x)",
        "require('child_process')",
        "db.runCommand({ shutdown: 1 })",
        "load('x.js')",
        "db.users.find(",
    ] {
        unknown(Mongo, text);
    }
}
