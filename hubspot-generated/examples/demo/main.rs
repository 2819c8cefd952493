//! Runs the demo program against a HubSpot stand-in on this machine.
//!
//! In: nothing. Out: a line a step, on standard output. `cargo xtask demo` starts it.

#[path = "../../tests/support/stand_in.rs"]
mod stand_in;

#[expect(
    unreachable_pub,
    reason = "the program is written as a library's user would write it"
)]
mod program;

use hubspot_generated::Client;
use stand_in::StandIn;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = StandIn::start().await?;
    let client = Client::<program::DemoScopes>::builder()
        .access_token(stand_in::TOKEN)
        .base_url(hubspot.url())
        .build()?;
    program::run(&client, &mut |line| println!("   {line}")).await?;
    println!(
        "   {} requests, every one checked by the compiler before it was sent",
        hubspot.requests()
    );
    Ok(())
}
