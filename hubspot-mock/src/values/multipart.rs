//! Reads multipart forms (RFC 7578).

use bytes::Bytes;

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
        name: parameter(disposition, "name")?.to_owned(),
        is_file: parameter(disposition, "filename").is_some(),
        content: Bytes::copy_from_slice(content),
    })
}

/// A parameter of a header, without its quotes.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let mut parameters = header.split(';').skip(1).map(str::trim);
    parameters.find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim_matches('"'))
    })
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
}
