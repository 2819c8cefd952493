//! The same calls at once by a client of others, on the same local HubSpot.

use std::process::{Command, Stdio};

use hubspot_mock::{MockHubSpot, Tier};

use crate::load::tell_all;
use crate::{Outcome, tell};

/// The calls, and how many are made at once.
const LOADS: [(&str, &str, &str); 2] = [("updates", "600", "100"), ("searches", "50", "50")];

/// Runs a program that prints how many of its calls failed, and tells what it lost and how often it was refused.
pub(crate) async fn measure(program: &[&str]) -> Outcome {
    let [program, arguments @ ..] = program else {
        return Err("which program?".into());
    };
    for (what, calls, at_once) in LOADS {
        let hubspot = MockHubSpot::builder().tier(Tier::PROFESSIONAL);
        let hubspot = hubspot.start().await?;
        let account = hubspot.account("acme");
        let token = account.grant(MockHubSpot::every_scope());
        let id = account.contact([("lastname", "Lovelace")]);
        let mut command = Command::new(program);
        command.args(arguments).args([what, calls, at_once]);
        command
            .args([hubspot.url(), token, id])
            .stderr(Stdio::inherit());
        let start = std::time::Instant::now();
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let name = format!("{calls} {what}");
        tell(&format!("{name}, seconds"), start.elapsed().as_secs_f64());
        let printed = String::from_utf8(output.stdout)?;
        tell_all(&name, printed.trim().parse()?, &hubspot);
    }
    Ok(())
}
