//! Starts hubspot-mock as a process.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result};

/// A running hubspot-mock. It is stopped when dropped.
pub(crate) struct Server {
    process: Child,
    url: String,
    /// Kept open, because a program that prints into a closed pipe fails.
    _output: BufReader<ChildStdout>,
}

impl Server {
    /// Starts `program`, and waits until it listens.
    pub(crate) fn start(program: &Path, options: &[&str]) -> Result<Self> {
        let mut process = Command::new(program)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = process.stdout.take().context("its output is not piped")?;
        let mut output = BufReader::new(output);
        let mut lines = output.by_ref().lines().map_while(Result::ok);
        let url = lines
            .find_map(|line| address(&line))
            .with_context(|| format!("{} ended before it listened", program.display()))?;
        Ok(Self {
            process,
            url,
            _output: output,
        })
    }

    /// Its base URL, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The base URL in a line, if there is one.
fn address(line: &str) -> Option<String> {
    let words = line.split_whitespace();
    let url = words.into_iter().find(|word| word.starts_with("http://"))?;
    Some(url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_address_is_read_from_what_the_program_prints() {
        let line = "hubspot-mock listens at http://127.0.0.1:41234/ (ctrl-c ends it)";
        assert_eq!(address(line).as_deref(), Some("http://127.0.0.1:41234"));
        assert_eq!(address("seeded 3 records"), None);
    }
}
