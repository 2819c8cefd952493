//! The attributes and macros that keep every token that they are given and write no call of their own.

/// Attributes of the language, of serde, and a few that are in wide use.
const ATTRIBUTES: &str = "
    allow async_trait async_trait::async_trait automatically_derived bench cold crate_name crate_type default deny
    deprecated expect export_name feature forbid global_allocator hubspot_scopes hubspot_generated::hubspot_scopes ignore
    inline instrument link link_name link_section macro_export macro_use must_use no_mangle no_std non_exhaustive
    panic_handler proc_macro proc_macro_attribute proc_macro_derive recursion_limit repr serde should_panic target_feature
    test tokio::main tokio::test tracing::instrument track_caller type_length_limit unsafe used warn windows_subsystem";

/// Groups of attributes for tools.
const TOOLS: [&str; 3] = ["clippy::", "diagnostic::", "rustfmt::"];

/// Macros of the standard library and others that use every argument.
const MACROS: &str = "
    addr_of anyhow assert assert_eq assert_matches assert_ne bail cfg column compile_error concat dbg debug debug_assert
    debug_assert_eq debug_assert_ne doc_comment doctest ensure env eprint eprintln error error_span file format format_args include_bytes
    include_str info info_span join json line log matches module_path option_env panic pin print println scope_set select
    stringify thread_local todo trace try_join unimplemented unreachable vec warn write writeln";

/// Keywords after which a `!` is the operator.
const KEYWORDS: &str = "break else if in let match return while move mut";

fn has(list: &str, name: &str) -> bool {
    list.split_whitespace().any(|known| known == name)
}

pub(super) fn is_attribute(name: &str) -> bool {
    has(ATTRIBUTES, name) || TOOLS.iter().any(|tool| name.starts_with(tool))
}

pub(super) fn is_macro(name: &str) -> bool {
    has(MACROS, name)
}

pub(super) fn is_keyword(name: &str) -> bool {
    has(KEYWORDS, name)
}
