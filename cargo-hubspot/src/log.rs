//! Reads the requests of a log: an export as CSV, whose columns the user names, or an HTTP archive.

use std::str::FromStr;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::request::Written;

/// The names of columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
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

/// A request in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// In upper case.
    pub(crate) method: String,
    /// The path, without the host and the query.
    pub(crate) path: String,
    /// The host, if it is not HubSpot's: the request is to another service, or to the program itself.
    pub(crate) elsewhere: Option<String>,
    /// The status of the response; `None` if there was none, or if the log does not have it.
    pub(crate) status: Option<u16>,
    /// In seconds since 1970.
    pub(crate) time: Option<u64>,
}

/// The requests of a CSV file.
pub(crate) fn csv(text: &str, columns: &Columns) -> Result<Vec<Row>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let heads = reader.headers().context("it is not CSV")?.clone();
    let column = |name: &String| {
        let mut each = heads.iter();
        let found = each.position(|head| head.trim() == name);
        found.with_context(|| {
            // Without names, the first line is a request like the others.
            let names: Vec<_> = heads.iter().filter(|head| is_name(head)).collect();
            let text = format!("it has no column `{name}`; it has `{}`", names.join("`, `"));
            match heads.len() - names.len() {
                0 => text,
                others => format!(
                    "{text} and {others} without a name: its first line has to name the columns"
                ),
            }
        })
    };
    let (method, path) = (column(&columns.method)?, column(&columns.path)?);
    let status = columns.status.as_ref().map(column).transpose()?;
    let time = columns.time.as_ref().map(column).transpose()?;
    // Errors name the column, and not its value, which may be of a person.
    let name = |at: usize| heads.get(at).unwrap_or_default().trim();
    let rows = reader.records().enumerate().map(|(number, row)| {
        let line = number + 2;
        let row = row.with_context(|| format!("line {line} is not CSV"))?;
        let field = |at: usize| row.get(at).map(str::trim).unwrap_or_default();
        let time = time.map(|at| {
            let time = seconds(field(at));
            time.with_context(|| format!("line {line} has no time in its column `{}`", name(at)))
        });
        let target = target(field(path))
            .with_context(|| format!("line {line} has no path in its column `{}`", name(path)))?;
        Ok(Row {
            method: field(method).to_uppercase(),
            elsewhere: target.elsewhere().map(str::to_owned),
            path: target.path.into_owned(),
            status: status.and_then(|at| field(at).parse().ok()),
            time: time.transpose()?,
        })
    });
    rows.collect()
}

/// Returns whether a text may be the name of a column, and not a value.
fn is_name(text: &str) -> bool {
    let is_letter = |one: char| one.is_alphanumeric() || "_- ".contains(one);
    text.starts_with(char::is_alphabetic) && text.len() <= 40 && text.chars().all(is_letter)
}

/// The requests of an HTTP archive (HAR), which browsers, proxies and `hubspot-mock --record` write.
pub(crate) fn har(value: &Value) -> Result<Vec<Row>> {
    let entries = value.pointer("/log/entries").and_then(Value::as_array);
    let entries = entries.context("it is no HTTP archive: it has no `log.entries`")?;
    let rows = entries.iter().enumerate().map(|(number, entry)| {
        let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str);
        let (method, url) = text("/request/method")
            .zip(text("/request/url"))
            .with_context(|| format!("entry {number} has no `request.method` or `request.url`"))?;
        let target = target(url)
            .with_context(|| format!("entry {number} has a `request.url` without a path"))?;
        let status = entry.pointer("/response/status").and_then(Value::as_u64);
        Ok(Row {
            method: method.to_uppercase(),
            elsewhere: target.elsewhere().map(str::to_owned),
            path: target.path.into_owned(),
            // An archive has 0 for a request without a response.
            status: status
                .and_then(|status| u16::try_from(status).ok())
                .filter(|status| *status > 0),
            time: text("/startedDateTime").and_then(seconds),
        })
    });
    rows.collect()
}

/// The rows, if one of them is a request to HubSpot, or if there are none.
pub(crate) fn with_requests(rows: Vec<Row>) -> Result<Vec<Row>> {
    let first = rows.first().and_then(|row| row.elsewhere.as_ref());
    if let Some(host) = first.filter(|_| rows.iter().all(|row| row.elsewhere.is_some())) {
        bail!(
            "none of its requests is to HubSpot, but the first one to `{host}`; if that passes requests on to HubSpot, leave the \
             host out of the log"
        );
    }
    Ok(rows)
}

/// A path or URL without a method.
fn target(text: &str) -> Option<Written<'_>> {
    Written::parse(text).filter(|target| target.method.is_none())
}

/// A time as seconds or milliseconds since 1970, or as text that begins with a date. Other units are refused: as
/// milliseconds, they would be of a distant future.
fn seconds(text: &str) -> Option<u64> {
    const LIMIT: f64 = 100_000_000_000.0;
    if let Ok(number) = text.parse::<f64>() {
        let seconds = if number > LIMIT {
            number / 1000.0
        } else {
            number
        };
        if seconds > LIMIT {
            return None;
        }
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
    use serde_json::json;

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
            ("inf", None),
            ("1764115200123456", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_are_read() {
        let columns = "method=verb,path=url,time=at,status=code".parse().unwrap();
        let log = "at,verb,url,code\n\
                   2025-11-26,get,https://api.hubapi.com/crm/objects/2026-09/contacts?limit=1,200\n\
                   1764115200,POST,\"/some/path,odd\",-\n";
        let row = |method: &str, path: &str, status| Row {
            method: method.to_owned(),
            path: path.to_owned(),
            elsewhere: None,
            status,
            time: Some(1_764_115_200),
        };
        let rows = csv(log, &columns).unwrap();
        let contacts = row("GET", "/crm/objects/2026-09/contacts", Some(200));
        assert_eq!(
            rows,
            [contacts.clone(), row("POST", "/some/path,odd", None)]
        );
        for (log, fault) in [
            ("", "it has no column `verb`; it has ``"),
            ("at,verb\n", "it has no column `url`; it has `at`, `verb`"),
            (
                "at,verb,url\n",
                "it has no column `code`; it has `at`, `verb`, `url`",
            ),
            (
                "2026-11-26,GET,/a/ada@example.com\n",
                "it has no column `verb`; it has `GET` and 2 without a name",
            ),
            (
                "at,verb,url,code\nnow,GET,/a,\n",
                "line 2 has no time in its column `at`",
            ),
            (
                "at,verb,url,code\n1,GET,ada@example.com\n",
                "line 2 has no path in its column `url`",
            ),
        ] {
            let error = csv(log, &columns).unwrap_err();
            assert!(error.to_string().contains(fault), "{log}: {error}");
            assert!(!format!("{error:#}").contains("example.com"), "{error:#}");
        }
        let entry = json!({
            "startedDateTime": "2025-11-26T00:00:00.000Z",
            "request": { "method": "GET", "url": "https://api.hubapi.com/crm/objects/2026-09/contacts?limit=1" },
            "response": { "status": 200 },
        });
        assert_eq!(
            har(&json!({ "log": { "entries": [entry] } })).unwrap(),
            [contacts]
        );
        for value in [json!({}), json!({ "log": { "entries": [{}] } })] {
            har(&value).unwrap_err();
        }
    }

    #[test]
    fn requests_to_other_hosts_are_told_apart() {
        let columns = "method=verb,path=url".parse().unwrap();
        let rows = |log: &str| csv(&format!("verb,url\n{log}"), &columns).unwrap();
        let elsewhere = rows("GET,https://example.com/a/?b\n");
        assert_eq!(elsewhere[0].elsewhere.as_deref(), Some("example.com"));
        let error = with_requests(elsewhere).unwrap_err().to_string();
        let text = "none of its requests is to HubSpot, but the first one to `example.com`";
        assert!(error.starts_with(text), "{error}");
        with_requests(rows("GET,https://example.com/a\nGET,/a\n")).unwrap();
        with_requests(rows("")).unwrap();
    }
}
