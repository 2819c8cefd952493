//! Measures what the client costs beside `reqwest` and `serde_json`, and how well it uses HubSpot's limits.
//!
//! `cargo xtask bench client` runs it. It prints one figure per line: a name, a tab, a number. With the arguments `serve` it
//! serves a contact until it is killed, and with `get`, a kind of client, a URL and a number it requests it so many times. `large`,
//! `export` and `import` are about a large account, and `other` runs the client of others that follows.

mod large;
mod load;
mod other;
mod page;
mod server;
mod small;

use std::alloc::System;

use hubspot_generated::{Client, ClientBuilder, Unchecked};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

/// What a measurement ends with when it cannot be taken.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const TOKEN: &str = "pat-na1-bench";

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // One thread, so that its processor time is that of the client.
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build()?;
    match arguments[..] {
        ["serve"] => {
            println!("{}", server::serve(small::CONTACT)?);
            loop {
                std::thread::park();
            }
        }
        ["get", client, url, calls] => runtime.block_on(small::get(client, url, calls.parse()?)),
        ["large", contacts] => runtime.block_on(large::serve(contacts.parse()?)),
        ["export", url, token, contacts] => {
            runtime.block_on(large::export([url, token], contacts.parse()?))
        }
        ["import", url, token, contacts] => {
            runtime.block_on(large::import([url, token], contacts.parse()?))
        }
        ["other", ref program @ ..] => runtime.block_on(other::measure(program)),
        _ => {
            page::decode();
            runtime.block_on(page::list())?;
            load::measure()
        }
    }
}

/// Prints a figure.
fn tell(name: &str, value: f64) {
    println!("{name}\t{value}");
}

/// A client of a server at `url`.
fn client(url: &str) -> ClientBuilder<Unchecked> {
    let builder = Client::unchecked_builder().access_token(TOKEN);
    builder.base_url(url)
}
