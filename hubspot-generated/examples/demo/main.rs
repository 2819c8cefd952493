//! Connects an OAuth app to hubspot-mock, a HubSpot on this machine, and runs the demo program against it.
//!
//! `cargo xtask demo` runs it. It prints one line per step.

#[expect(
    unreachable_pub,
    reason = "the program is written as a library's user would write it"
)]
mod program;

mod install;

use hubspot_mock::{InvalidValues, MockHubSpot};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tell = &mut |line| println!("   {line}");
    // The batch upsert of the demo has an invalid value. Every row gets its own outcome.
    let builder = MockHubSpot::builder().invalid_values(InvalidValues::PerInput);
    let hubspot = builder.start().await?;
    let client = install::install(&hubspot, tell).await?;
    hubspot.clear_journal();
    program::run(&client, tell).await?;
    println!(
        "   {} requests, every one checked by the compiler before it was sent",
        hubspot.journal().len()
    );
    install::outlive_the_token(&hubspot, &client, tell).await
}
