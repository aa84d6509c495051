//! Functions, operators and pragmas that only compute or describe.

use crate::effects::Dialect;

/// Functions that only compute or describe, in every database in which they exist.
#[rustfmt::skip] // one name a line would be a screenful
const COMPUTING: &[&str] = &[
    "abs", "acos", "age", "any_value", "array", "array_agg", "array_length", "array_position",
    "array_remove", "array_to_string", "asin", "atan", "atan2", "avg", "bit_and", "bit_length", "bit_or",
    "bool_and", "bool_or", "btrim", "cardinality", "cast", "ceil", "ceiling", "changes", "char",
    "char_length", "character_length", "chr", "coalesce", "col_description", "concat", "concat_ws",
    "connection_id", "conv", "convert_tz", "cos", "count", "cume_dist", "curdate", "current_database",
    "current_date", "current_schema", "current_schemas", "current_setting", "current_time",
    "current_timestamp", "current_user", "curtime", "database", "date", "date_add", "date_bin",
    "date_format", "date_part", "date_sub", "date_trunc", "datediff", "datetime", "day", "dayname",
    "dayofmonth", "dayofweek", "dayofyear", "degrees", "dense_rank", "every", "exp", "extract", "field",
    "find_in_set", "first_value", "floor", "format", "format_type", "from_unixtime", "generate_series",
    "glob", "greatest", "group_concat", "grouping", "hex", "hour", "if", "ifnull", "iif", "initcap",
    "instr", "isnull", "json", "json_agg", "json_array", "json_array_elements", "json_array_elements_text",
    "json_array_length", "json_arrayagg", "json_build_array", "json_build_object", "json_contains",
    "json_each", "json_each_text", "json_extract", "json_extract_path", "json_extract_path_text",
    "json_group_array", "json_group_object", "json_keys", "json_length", "json_object", "json_object_keys",
    "json_pretty", "json_quote", "json_tree", "json_type", "json_typeof", "json_unquote", "json_valid",
    "jsonb_agg", "jsonb_array_elements", "jsonb_array_elements_text", "jsonb_array_length",
    "jsonb_build_array", "jsonb_build_object", "jsonb_each", "jsonb_each_text", "jsonb_extract_path",
    "jsonb_extract_path_text", "jsonb_object_agg", "jsonb_object_keys", "jsonb_path_exists",
    "jsonb_path_query", "jsonb_pretty", "jsonb_typeof", "julianday", "lag", "last_day", "last_insert_rowid",
    "last_value", "lcase", "lead", "least", "left", "length", "ln", "localtime", "localtimestamp", "locate",
    "log", "log10", "log2", "lower", "lpad", "ltrim", "max", "md5", "min", "minute", "mod", "month",
    "monthname", "mysql_version", "now", "nth_value", "ntile", "nullif", "num_nonnulls", "num_nulls",
    "obj_description", "octet_length", "overlay", "parse_ident", "percent_rank", "percentile_cont",
    "percentile_disc", "pg_column_size", "pg_database_size", "pg_encoding_to_char", "pg_get_constraintdef",
    "pg_get_expr", "pg_get_functiondef", "pg_get_indexdef", "pg_get_serial_sequence", "pg_get_triggerdef",
    "pg_get_userbyid", "pg_get_viewdef", "pg_indexes_size", "pg_is_in_recovery", "pg_postmaster_start_time",
    "pg_relation_size", "pg_size_pretty", "pg_table_size", "pg_tablespace_size", "pg_total_relation_size",
    "pg_typeof", "pi", "position", "pow", "power", "pragma_foreign_key_list", "pragma_index_info",
    "pragma_index_list", "pragma_table_info", "pragma_table_list", "pragma_table_xinfo", "printf",
    "quarter", "quote", "quote_ident", "quote_literal", "radians", "rank", "regexp_count", "regexp_like",
    "regexp_match", "regexp_matches", "regexp_replace", "regexp_split_to_array", "regexp_split_to_table",
    "regexp_substr", "repeat", "replace", "reverse", "right", "round", "row", "row_number", "row_to_json",
    "rpad", "rtrim", "schema", "second", "session_user", "sha1", "sha2", "sha256", "sign", "sin",
    "split_part", "sqlite_version", "sqrt", "starts_with", "std", "stddev", "stddev_pop", "stddev_samp",
    "str_to_date", "strftime", "string_agg", "string_to_array", "strpos", "substr", "substring",
    "substring_index", "sum", "tan", "time", "timestampdiff", "to_char", "to_date", "to_hex", "to_json",
    "to_jsonb", "to_number", "to_regclass", "to_timestamp", "to_tsquery", "to_tsvector", "total",
    "total_changes", "translate", "trim", "trunc", "truncate", "ts_rank", "txid_current_if_assigned",
    "typeof", "ucase", "unicode", "unistr", "unix_timestamp", "unixepoch", "unnest", "upper", "user",
    "utc_date", "utc_time", "utc_timestamp", "uuid", "values", "var_pop", "var_samp", "variance", "version",
    "week", "weekday", "width_bucket", "year", "yearweek",
];

/// Pragmas that only describe, when no value is given with `=`.
#[rustfmt::skip] // one name a line would be a screenful
const DESCRIBING: &[&str] = &[
    "application_id", "collation_list", "compile_options", "data_version", "database_list", "encoding",
    "foreign_key_check", "foreign_key_list", "freelist_count", "function_list", "index_info", "index_list",
    "index_xinfo", "integrity_check", "module_list", "page_count", "page_size", "pragma_list",
    "quick_check", "schema_version", "table_info", "table_list", "table_xinfo", "user_version",
];

/// Of those, the ones whose value in brackets names a table or limits the answer instead of setting anything.
#[rustfmt::skip] // one name a line would be a screenful
const ABOUT: &[&str] = &[
    "foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo", "integrity_check",
    "quick_check", "table_info", "table_list", "table_xinfo",
];

/// Whether a function only computes or describes.
pub(crate) fn computes(name: &str) -> bool {
    COMPUTING.binary_search(&name).is_ok()
}

/// What else a function does, when it is one that reaches files.
pub(crate) fn file_function(name: &str, dialect: Dialect) -> Option<FileFunction> {
    match (dialect, name) {
        (Dialect::Sqlite, "readfile" | "fsdir" | "zipfile") => Some(FileFunction::Reads),
        (Dialect::Sqlite, "writefile") => Some(FileFunction::Writes),
        _ => None,
    }
}

/// A function whose first argument is a file of the machine the shell runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFunction {
    Reads,
    Writes,
}

/// Whether a pragma of SQLite only describes.
pub(crate) fn describes(name: &str, value: bool, assigned: bool) -> bool {
    !assigned && if value { ABOUT.contains(&name) } else { DESCRIBING.contains(&name) }
}

#[cfg(test)]
mod tests {
    use super::COMPUTING;

    #[test]
    fn the_list_is_sorted() {
        assert!(COMPUTING.is_sorted());
    }
}
