//! Finds calls of an older version, in the code or in a list of paths.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::site::Site;
use super::table;
use crate::model::{BypassKind, Place, Report};
use crate::request::{METHODS, Written};

/// Each call of the older version in the code, tests included, and the raw requests whose path is not known.
pub(super) fn in_code(report: &Report, from: &str) -> (Vec<Site>, Vec<Place>) {
    let (mut sites, mut unread) = (Vec::new(), Vec::new());
    for package in report.requested() {
        for call in package.call_sites.iter().filter(|call| !call.is_function) {
            let site = Site::typed(from, &call.operation, call.route.as_deref());
            sites.extend(site.map(|site| at(site, &call.place, call.function.as_ref())));
        }
        let raw = package.unchecked.iter();
        for bypass in raw.filter(|bypass| bypass.kind == BypassKind::RawRequest) {
            let request = bypass.request.as_ref();
            let request = request.and_then(|request| request.request.split_once(' '));
            match request.filter(|(_, path)| path.starts_with('/')) {
                Some((method, path)) => {
                    let site = Site::raw(from, Some(method), path);
                    sites
                        .extend(site.map(|site| at(site, &bypass.place, bypass.function.as_ref())));
                }
                None => unread.push(bypass.place.clone()),
            }
        }
    }
    sites.sort_by(|one, other| (one.outcome, &one.place).cmp(&(other.outcome, &other.place)));
    unread.sort();
    (sites, unread)
}

fn at(site: Site, place: &Place, function: Option<&String>) -> Site {
    Site {
        place: Some(place.clone()),
        function: function.cloned(),
        ..site
    }
}

/// Each path of the older version in a list, and the number of lines that have none. A line has a path or a URL, which may
/// follow its method.
pub(super) fn in_list(text: &str, from: &str) -> (Vec<Site>, usize) {
    let mut counts: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
    let mut skipped = 0;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match request(line) {
            Some((method, path)) => {
                let path = table::without_ids(from, &path);
                *counts.entry((method, path)).or_default() += 1;
            }
            None => skipped += 1,
        }
    }
    let sites = counts.into_iter().filter_map(|((method, path), count)| {
        let site = Site::raw(from, method.as_deref(), &path)?;
        Some(Site { count, ..site })
    });
    let mut sites: Vec<_> = sites.collect();
    sites.sort_by(|one, other| (one.outcome, &one.call).cmp(&(other.outcome, &other.call)));
    (sites, skipped)
}

/// The method and the path of a line that is a request to HubSpot.
fn request(line: &str) -> Option<(Option<String>, Cow<'_, str>)> {
    let request = Written::parse(line).filter(|request| request.elsewhere().is_none())?;
    let mut methods = request.method.iter();
    let is_known = methods.all(|method| METHODS.contains(&method.as_str()));
    is_known.then_some((request.method, request.path))
}
