//! Runs the demo program against hubspot-mock, a HubSpot on this machine.
//!
//! In: nothing. Out: a line a step, on standard output. `cargo xtask demo` starts it.

#[expect(
    unreachable_pub,
    reason = "the program is written as a library's user would write it"
)]
mod program;

use hubspot_mock::MockHubSpot;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = MockHubSpot::start().await?;
    let client = hubspot.client::<program::DemoScopes>();
    program::run(&client, &mut |line| println!("   {line}")).await?;
    println!(
        "   {} requests, every one checked by the compiler before it was sent",
        hubspot.journal().len()
    );
    Ok(())
}
