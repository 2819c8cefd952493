//! Finds the operation for a method and a path.
//!
//! The pipeline responds 501 if no operation has the path, and 405 if none has the method. HubSpot's 404 is about records.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;

use crate::definitions::operation::distance;
use crate::definitions::{Operation, endpoints};
use crate::table::Endpoint;

/// Longer paths are not looked up; no operation's path is as long.
const MOST_SEGMENTS: usize = 16;

/// What a request is for.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    /// The path's parameters, percent-decoded, in their order.
    pub(crate) path: Vec<(&'static str, String)>,
}

/// An error of [`Router::find`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoRoute {
    /// No operation has this path.
    Unknown,
    /// Operations have this path, but with these methods.
    OtherMethods(BTreeSet<&'static str>),
    /// The path is not UTF-8 when decoded.
    NotText,
}

/// The operations by path. Literal segments take precedence over parameters.
#[derive(Debug, Default)]
pub(crate) struct Router {
    root: Node,
    /// By version, resource and action.
    by_name: HashMap<[&'static str; 3], usize>,
    operations: Vec<Operation>,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<&'static str, Node>,
    parameter: Option<Box<Node>>,
    /// Indexes of operations by method.
    operations: Vec<(&'static str, usize)>,
}

/// The routes of the generated table.
static ROUTER: LazyLock<Router> = LazyLock::new(|| Router::new(endpoints()));

/// The routes of the generated table.
pub(crate) fn router() -> &'static Router {
    &ROUTER
}

impl Router {
    fn new(endpoints: &'static [Endpoint]) -> Self {
        let mut router = Self::default();
        for (number, endpoint) in endpoints.iter().enumerate() {
            let mut node = &mut router.root;
            for segment in segments(endpoint.path) {
                node = if segment.starts_with('{') {
                    node.parameter.get_or_insert_default()
                } else {
                    node.literals.entry(segment).or_default()
                };
            }
            node.operations.push((endpoint.method, number));
            let name = [endpoint.version, endpoint.resource, endpoint.action];
            router.by_name.entry(name).or_insert(number);
            router.operations.push(Operation::new(endpoint));
        }
        router
    }

    /// The operation with this name.
    pub(crate) fn operation(
        &'static self,
        version: &str,
        resource: &str,
        action: &str,
    ) -> Option<&'static Operation> {
        let number = self.by_name.get(&[version, resource, action])?;
        self.operations.get(*number)
    }

    /// What `method` on `path` is for.
    ///
    /// If several operations match, the one with more leading literal segments takes precedence, unless it lacks the method.
    pub(crate) fn find(&'static self, method: &str, path: &str) -> Result<Route, NoRoute> {
        let replaced = replace_alias(path);
        let path = replaced.as_deref().unwrap_or(path);
        // HubSpot's older documents end some paths with a slash.
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.bytes().filter(|byte| *byte == b'/').count() > MOST_SEGMENTS {
            return Err(NoRoute::Unknown);
        }
        let decoded = segments(path)
            .map(|segment| percent_decode_str(segment).decode_utf8())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| NoRoute::NotText)?;
        let mut others = BTreeSet::new();
        let found = self.root.find(method, &decoded, &mut others);
        let operation = found.and_then(|number| self.operations.get(number));
        let Some(operation) = operation else {
            return Err(if others.is_empty() {
                NoRoute::Unknown
            } else {
                NoRoute::OtherMethods(others)
            });
        };
        Ok(Route {
            path: parameters(operation.endpoint, &decoded),
            operation,
        })
    }
}

impl Node {
    fn find(
        &self,
        method: &str,
        path: &[Cow<'_, str>],
        others: &mut BTreeSet<&'static str>,
    ) -> Option<usize> {
        let Some((segment, rest)) = path.split_first() else {
            let own = self.operations.iter().find(|(known, _)| *known == method);
            others.extend(self.operations.iter().map(|(known, _)| *known));
            return own.map(|(_, number)| *number);
        };
        let literal = self.literals.get(segment.as_ref());
        let parameter = self.parameter.as_deref().filter(|_| !segment.is_empty());
        literal
            .and_then(|node| node.find(method, rest, others))
            .or_else(|| parameter?.find(method, rest, others))
    }
}

/// Replaces the beginning of a path that HubSpot serves besides the documented one.
fn replace_alias(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/crm/v3/schemas")?;
    let is_alias = rest.is_empty() || rest.starts_with('/');
    is_alias.then(|| format!("/crm-object-schemas/v3/schemas{rest}"))
}

/// The operation whose path is most like `path`, with the segments of `path` in place of its parameters.
pub(crate) fn nearest(path: &str) -> Option<&'static Endpoint> {
    let given = segments(path).collect::<Vec<_>>();
    let filled = |endpoint: &Endpoint| {
        let filled = segments(endpoint.path).enumerate().map(|(index, segment)| {
            let is_parameter = segment.starts_with('{');
            let own = given.get(index).filter(|_| is_parameter);
            own.map_or(segment, |own| *own)
        });
        filled.collect::<Vec<_>>().join("/")
    };
    let first = given.first();
    let related = endpoints()
        .iter()
        .filter(|known| segments(known.path).next() == first.copied());
    related.min_by_key(|endpoint| distance(&filled(endpoint), path))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// The values of an operation's path parameters.
fn parameters(endpoint: &Endpoint, decoded: &[Cow<'_, str>]) -> Vec<(&'static str, String)> {
    let places = segments(endpoint.path).zip(decoded);
    let values = places.filter(|(segment, _)| segment.starts_with('{'));
    let named = endpoint.path_parameters.iter().zip(values);
    named
        .map(|(parameter, (_, value))| (parameter.name, value.clone().into_owned()))
        .collect()
}

#[cfg(test)]
mod tests;
