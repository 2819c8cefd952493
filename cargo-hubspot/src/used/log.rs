//! Reads an export of a log as CSV, whose columns the user names.

use std::str::FromStr;

use anyhow::{Context as _, Result, anyhow, ensure};
use jiff::Timestamp;
use jiff::civil::Date;

use super::calls::{Used, UsedCall};

/// The names of columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    method: String,
    path: String,
    status: Option<String>,
    time: Option<String>,
}

impl FromStr for Columns {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut columns = Self::default();
        for part in text.split(',') {
            let (key, name) = part.split_once('=').unwrap_or((part, ""));
            ensure!(
                !name.is_empty(),
                "`{part}` names no column: expected `method=…`, `path=…`, `status=…` or `time=…`"
            );
            let name = name.trim().to_owned();
            match key.trim() {
                "method" => columns.method = name,
                "path" => columns.path = name,
                "status" => columns.status = Some(name),
                "time" => columns.time = Some(name),
                other => {
                    return Err(anyhow!(
                        "`{other}` is none of `method`, `path`, `status` and `time`"
                    ));
                }
            }
        }
        ensure!(
            !columns.method.is_empty() && !columns.path.is_empty(),
            "`method=…` and `path=…` are needed"
        );
        Ok(columns)
    }
}

/// Adds the calls of a log.
pub(super) fn read(text: &str, columns: &Columns, used: &mut Used) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let heads = reader.headers().context("it is not CSV")?.clone();
    let column = |name: &String| {
        let mut heads_of = heads.iter();
        let found = heads_of.position(|head| head.trim() == name);
        found.with_context(|| {
            let heads: Vec<_> = heads.iter().collect();
            format!("it has no column `{name}`; it has `{}`", heads.join("`, `"))
        })
    };
    let (method, path) = (column(&columns.method)?, column(&columns.path)?);
    let status = columns.status.as_ref().map(column).transpose()?;
    let time = columns.time.as_ref().map(column).transpose()?;
    for (number, row) in reader.records().enumerate() {
        let line = number + 2;
        let row = row.with_context(|| format!("line {line} is not CSV"))?;
        let field = |at: usize| row.get(at).map(str::trim).unwrap_or_default();
        let time = time.map(|at| {
            let text = field(at);
            seconds(text).with_context(|| format!("line {line} has no time, but `{text}`"))
        });
        let time = time.transpose()?;
        let path = field(path);
        let path = match path.split_once("://") {
            Some((_, rest)) => rest
                .find('/')
                .and_then(|start| rest.get(start..))
                .unwrap_or_default(),
            None => path,
        };
        ensure!(
            path.starts_with('/'),
            "line {line} has no path, but `{path}`"
        );
        if let Some(time) = time {
            used.covers(time, time);
        }
        // A call that was refused used no scope.
        if status.is_some_and(|at| ["401", "403"].contains(&field(at))) {
            used.refused += 1;
        } else {
            used.add(UsedCall::of_request(
                &field(method).to_uppercase(),
                path,
                1,
                time,
            ));
        }
    }
    Ok(())
}

/// A time as seconds or milliseconds since 1970, or as text that begins with a date.
fn seconds(text: &str) -> Option<u64> {
    if let Ok(number) = text.parse::<f64>() {
        let seconds = if number > 100_000_000_000.0 {
            number / 1000.0
        } else {
            number
        };
        return format!("{:.0}", seconds.trunc()).parse().ok();
    }
    let time = text.parse::<Timestamp>().ok().or_else(|| {
        let date = text.get(..10)?.parse::<Date>().ok()?;
        Some(date.in_tz("UTC").ok()?.timestamp())
    });
    u64::try_from(time?.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named() {
        let columns: Columns = "method=verb, path=url,status=code,time=at".parse().unwrap();
        assert_eq!(
            (columns.method.as_str(), columns.path.as_str()),
            ("verb", "url")
        );
        for (text, fault) in [
            ("", "`` names no column"),
            ("path=url", "`method=…` and `path=…` are needed"),
            ("method=a,path=b,size=c", "`size` is none of"),
            ("method,path=b", "`method` names no column"),
        ] {
            let error = text.parse::<Columns>().unwrap_err().to_string();
            assert!(error.contains(fault), "{text}: {error}");
        }
    }

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("1764115200", Some(1_764_115_200)),
            ("1764115200123", Some(1_764_115_200)),
            ("1764115200.5", Some(1_764_115_200)),
            ("2025-11-26T00:00:00Z", Some(1_764_115_200)),
            ("2025-11-26T01:00:00+01:00", Some(1_764_115_200)),
            ("2025-11-26 12:00:00", Some(1_764_115_200)),
            ("26/Nov/2025", None),
            ("-5", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_log_becomes_calls() {
        let columns = "method=verb,path=url,time=at,status=code".parse().unwrap();
        let log = "at,verb,url,code\n\
                   2026-11-01,get,https://api.hubapi.com/crm/objects/2026-09/contacts?limit=1,200\n\
                   2026-11-03,GET,/crm/objects/2026-09/contacts,404\n\
                   2026-11-02,POST,\"/some/path,odd\",200\n\
                   2026-11-02,GET,/crm/objects/2026-09/companies,403\n";
        let mut used = Used::new(30);
        read(log, &columns, &mut used).unwrap();
        let calls: Vec<_> = used
            .calls
            .iter()
            .map(|one| (one.call.as_str(), one.calls))
            .collect();
        assert_eq!(calls, [("contacts.list", 2), ("POST /some/path,odd", 1)]);
        assert_eq!(used.refused, 1);
        assert_eq!(
            used.period(),
            "the 2 days that were recorded, until 2026-11-03"
        );
        for (log, fault) in [
            ("", "it has no column `verb`; it has ``"),
            ("at,verb\n", "it has no column `url`; it has `at`, `verb`"),
            (
                "at,verb,url\n",
                "it has no column `code`; it has `at`, `verb`, `url`",
            ),
            (
                "at,verb,url,code\nnow,GET,/a,\n",
                "line 2 has no time, but `now`",
            ),
            (
                "at,verb,url,code\n1,GET,a b\n",
                "line 2 has no path, but `a b`",
            ),
        ] {
            let error = read(log, &columns, &mut Used::new(30)).unwrap_err();
            assert!(error.to_string().contains(fault), "{log}: {error}");
        }
    }
}
