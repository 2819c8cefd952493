//! The layers of each crate, from the lowest to the highest.

use super::Rows;

/// Each crate by its folder.
pub(super) const CRATES: &[(&str, Rows<'static>)] = &[
    (
        "hubspot-scopes",
        &[
            &["lists", "login", "name", "weight"],
            &["app_file", "requirement"],
            &["describe", "grammar", "power"],
            &["least", "text"],
        ],
    ),
    (
        "hubspot-macros",
        &[
            &[
                "attribute",
                "beside",
                "catalogue",
                "function",
                "scope_set",
                "suggest",
            ],
            &["declared"],
            &["mark"],
            &["expand"],
        ],
    ),
    (
        "hubspot-codegen",
        &[
            &["folder", "model", "parallel", "wording"],
            &["analyze", "conform", "error"],
            &["config"],
            &["load", "unused"],
            &["name"],
            &["join"],
            &["correct", "emit", "lower", "unify"],
            &["import"],
            &["diff", "lint", "publication", "render"],
            &["corpus", "generator", "object_types"],
        ],
    ),
    (
        "hubspot-mock",
        &[
            &["values", "table"],
            &["generated"],
            &["definitions"],
            &["store"],
            &["behavior"],
            &["pipeline"],
            &["pages"],
            &["server"],
            &["seed"],
            &["mock"],
        ],
    ),
    (
        "hubspot-generated",
        &[
            &[
                "clock",
                "debug",
                "decode",
                "generated::scopes",
                "hash",
                "operation",
                "path",
            ],
            &["encode", "scopes"],
            &["secret", "upload", "variants"],
            &["developer", "error", "values"],
            &["batch", "fields", "pacing", "retry"],
            &["credential"],
            &["parts", "response"],
            &["transport"],
            &["request"],
            &["client", "page", "settle"],
            &["builder", "proof", "raw", "walk"],
            &["__rt", "generated"],
            &["bulk", "oauth"],
        ],
    ),
    (
        "cargo-hubspot",
        &[
            &[
                "folder",
                "generate",
                "model",
                "operations",
                "output",
                "power",
                "render::style",
                "tokens",
            ],
            &["app_file", "live"],
            &["finding", "login"],
            &["baseline", "fix"],
            &["render"],
            &["binary", "scopes"],
            &["audit"],
        ],
    ),
    (
        "xtask",
        &[
            &["progress", "workspace"],
            &["files"],
            &["features", "inputs", "package", "provision"],
            &["corpus", "msrv", "power", "regen", "tidy", "witness"],
            &["bench", "conform", "demo", "specs"],
            &["test"],
        ],
    ),
];
