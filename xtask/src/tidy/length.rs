//! Checks the length of files and functions that are written by hand, and from how many places a function returns.

use anyhow::Result;
use syn::{
    Block, ExprAsync, ExprClosure, ExprReturn, ImplItemFn, Item, ItemFn, Signature, TraitItemFn,
    spanned::Spanned as _,
    visit::{self, Visit},
};

use super::{Source, parse};

/// The maximum number of lines of a file.
const FILE: usize = 400;

/// The maximum number of lines of a function, from its signature to its last brace.
const FUNCTION: usize = 60;

/// The maximum number of `return`s of a function, those of its closures apart.
const RETURNS: usize = 6;

pub(super) fn faults(source: &Source<'_>) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if source.is_generated() || source.is_case() {
        return Ok(faults);
    }
    let path = source.path;
    let lines = source.text.lines().count();
    if lines > FILE {
        faults.push(format!("{path}: {lines} lines; split it"));
    }
    let mut functions = Functions::default();
    functions.visit_file(&parse(source)?);
    for Function {
        name,
        line,
        lines,
        returns,
    } in functions.0
    {
        if lines > FUNCTION {
            faults.push(format!(
                "{path}:{line}: `{name}` has {lines} lines; split it"
            ));
        }
        if returns > RETURNS {
            faults.push(format!(
                "{path}:{line}: `{name}` returns from {returns} places; split it"
            ));
        }
    }
    Ok(faults)
}

/// A function with its first line, and its number of lines and of `return`s.
struct Function {
    name: String,
    line: usize,
    lines: usize,
    returns: usize,
}

/// Every function of a file, nested ones and tests included.
#[derive(Default)]
struct Functions(Vec<Function>);

impl Functions {
    fn add(&mut self, signature: &Signature, body: &Block) {
        let line = signature.span().start().line;
        let lines = body.span().end().line - line + 1;
        let mut returns = Returns(0);
        returns.visit_block(body);
        self.0.push(Function {
            name: signature.ident.to_string(),
            line,
            lines,
            returns: returns.0,
        });
    }
}

/// The number of `return`s that leave a function.
struct Returns(usize);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr_return(&mut self, expression: &'ast ExprReturn) {
        self.0 += 1;
        visit::visit_expr_return(self, expression);
    }

    // A `return` in these leaves them only.
    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {}

    fn visit_expr_async(&mut self, _: &'ast ExprAsync) {}

    fn visit_item(&mut self, _: &'ast Item) {}
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.add(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::source, FILE, FUNCTION, RETURNS, faults};

    fn count(path: &'static str, text: &str) -> usize {
        faults(&source(path, text)).unwrap().len()
    }

    #[test]
    fn a_long_file_is_reported_unless_it_is_generated() {
        let long = format!("//! Long.\n{}", "\n".repeat(FILE));
        assert_eq!(count("a/src/lib.rs", &long), 1);
        assert_eq!(count("a/src/generated/lib.rs", &long), 0);
        assert_eq!(count("a/src/lib.rs", &"\n".repeat(FILE)), 0);
    }

    #[test]
    fn a_function_with_many_returns_is_reported() {
        let returns = |count| "    if a { return b; }\n".repeat(count);
        let function = |body: &str| format!("fn f() {{\n{body}}}\n");
        assert_eq!(count("a/src/lib.rs", &function(&returns(RETURNS))), 0);
        assert_eq!(count("a/src/lib.rs", &function(&returns(RETURNS + 1))), 1);
        for (before, after) in [("let c = || {\n", "};\n"), ("fn g() {\n", "}\n")] {
            let inner = format!("{before}{}{after}", returns(RETURNS));
            let all = function(&format!("{inner}{}", returns(1)));
            assert_eq!(count("a/src/lib.rs", &all), 0, "{before}");
        }
        let nested = function(&function(&returns(RETURNS + 1)));
        assert_eq!(count("a/src/lib.rs", &nested), 1, "of the inner one");
    }

    #[test]
    fn a_long_function_is_reported_wherever_it_is() {
        // The signature and the last brace are two more.
        let body = "    let a = 1;\n".repeat(FUNCTION - 2);
        for (before, after) in [
            ("", ""),
            ("/// A\n/// long\n/// comment.\n", ""),
            ("impl A {\n", "}\n"),
            ("#[cfg(test)]\nmod tests {\n", "}\n"),
        ] {
            let short = format!("{before}fn f() {{\n{body}}}\n{after}");
            assert_eq!(count("a/src/lib.rs", &short), 0, "{before}");
            let long = short.replace("fn f() {\n", "fn f() {\n\n");
            assert_eq!(count("a/src/lib.rs", &long), 1, "{before}");
        }
    }
}
