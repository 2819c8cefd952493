//! Reads multipart forms (RFC 7578).

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use crate::values::form::is_content_type;

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// Whether it has the name of a file.
    pub(crate) is_file: bool,
    pub(crate) content: Bytes,
}

/// The parts of a form; `None` if it is none.
pub(crate) fn parts(content_type: &[u8], body: &[u8]) -> Option<Vec<Part>> {
    if !is_content_type(content_type, "multipart/form-data") {
        return None;
    }
    let content_type = std::str::from_utf8(content_type).ok()?;
    let boundary = parameter(content_type, "boundary")?;
    let (delimiter, end) = (format!("--{boundary}\r\n"), format!("\r\n--{boundary}"));
    let mut rest = body.strip_prefix(delimiter.as_bytes())?;
    let mut parts = Vec::new();
    loop {
        let head = find(rest, b"\r\n\r\n")?;
        let content = rest.get(head + 4..)?;
        let length = find(content, end.as_bytes())?;
        parts.push(part(
            std::str::from_utf8(&rest[..head]).ok()?,
            &content[..length],
        )?);
        rest = &content[length + end.len()..];
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
    }
}

fn part(head: &str, content: &[u8]) -> Option<Part> {
    let mut lines = head.split("\r\n");
    let disposition = lines.find(|line| {
        let name = line.split(':').next().unwrap_or_default();
        name.eq_ignore_ascii_case("content-disposition")
    })?;
    Some(Part {
        name: parameter(disposition, "name")?,
        is_file: parameter(disposition, "filename").is_some(),
        content: Bytes::copy_from_slice(content),
    })
}

/// A parameter of a header, without its quotes. `name*` is the form of RFC 5987, which is percent-encoded.
fn parameter(header: &str, name: &str) -> Option<String> {
    let extended = format!("{name}*");
    let (mut plain, mut rest) = (None, header.split_once(';')?.1);
    loop {
        let (key, after) = rest.split_once('=')?;
        let (value, after) = value(after.trim_start())?;
        if key.trim().eq_ignore_ascii_case(&extended) {
            let encoded = value.rsplit('\'').next().unwrap_or_default();
            return Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned());
        }
        if plain.is_none() && key.trim().eq_ignore_ascii_case(name) {
            plain = Some(value);
        }
        match after.trim_start().strip_prefix(';') {
            Some(after) if after.contains('=') => rest = after,
            _ => return plain,
        }
    }
}

/// The value at the start of a text, and what follows it. `None` if its quotes are not closed.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return Some((text[..end].trim().to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &quoted[place + 1..])),
            // Only quotes and backslashes are escaped: browsers send the paths of Windows as they are.
            '\\' if quoted[place + 1..].starts_with(['"', '\\']) => {
                value.extend(letters.next().map(|(_, letter)| letter));
            }
            other => value.push(other),
        }
    }
    None
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes
        .windows(sought.len())
        .position(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_or_the_form_is_refused() {
        let body = b"--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\n\
            Content-Disposition: form-data; name=\"b\"; filename=\"b.csv\"\r\nContent-Type: text/csv\r\n\r\n\r\n--x--\r\n";
        let form = b"multipart/form-data; boundary=x";
        let read = parts(form, body).unwrap();
        assert_eq!(
            read.iter()
                .map(|part| (part.name.as_str(), part.is_file, &part.content[..]))
                .collect::<Vec<_>>(),
            [("a", false, &b"1"[..]), ("b", true, b"")]
        );
        for end in 0..body.len() - 4 {
            assert_eq!(parts(form, &body[..end]), None, "{end}");
        }
        assert_eq!(parts(b"application/json; boundary=x", body), None);
        assert_eq!(parts(b"multipart/form-data", body), None);
    }

    #[test]
    fn parameters_are_quoted_or_extended() {
        for (rest, name, file) in [
            ("name=a; filename=b.csv", Some("a"), Some("b.csv")),
            (
                "name=\"a\"; filename=\"b; name=c.csv\"",
                Some("a"),
                Some("b; name=c.csv"),
            ),
            (
                "filename*=UTF-8''%e2%82%ac.csv;name=a",
                Some("a"),
                Some("€.csv"),
            ),
            (
                "name=\"a\" ; filename=\"x\"; FileName*=utf-8'en'b%20c.csv",
                Some("a"),
                Some("b c.csv"),
            ),
            (
                r#"name="a\"b"; filename="c:\d.csv""#,
                Some("a\"b"),
                Some(r"c:\d.csv"),
            ),
            ("name=a; filename=\"\"", Some("a"), Some("")),
            ("name*=UTF-8''a", Some("a"), None),
            ("name=a;", Some("a"), None),
            ("name=\"a", None, None),
            ("filename", None, None),
        ] {
            let header = format!("Content-Disposition: form-data; {rest}");
            assert_eq!(parameter(&header, "name").as_deref(), name, "{rest}");
            assert_eq!(parameter(&header, "filename").as_deref(), file, "{rest}");
        }
    }
}
