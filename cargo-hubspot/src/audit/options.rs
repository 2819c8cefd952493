//! The options that select what is audited. Those that cargo has too have the same names.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use cargo_config2::Config;
use cargo_metadata::Metadata;
use clap::Args;

use crate::model::TargetKind;

/// What is audited, and how it is built.
#[derive(Args, Debug)]
#[command(next_help_heading = "Selection")]
pub(crate) struct Selection {
    /// Audit these packages [default: those that cargo would take here]
    #[arg(short, long = "package", value_name = "NAME")]
    pub(super) packages: Vec<String>,
    /// Audit every package of the workspace
    #[arg(long, conflicts_with = "packages")]
    pub(super) workspace: bool,
    /// Look only at what ships: no tests, examples and benchmarks
    #[arg(long, conflicts_with = "count")]
    shipped: bool,
    /// The Cargo.toml of the package or workspace
    #[arg(long, value_name = "FILE")]
    pub(super) manifest_path: Option<PathBuf>,
    /// Count the calls in these targets as needs, too, although they do not ship: examples, tests, benches, build-scripts
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = does_not_ship)]
    pub(super) count: Vec<TargetKind>,
    /// Take it that these derives call nothing by themselves; the audit knows that of the standard library's and serde's
    #[arg(long, value_name = "DERIVES", value_delimiter = ',')]
    pub(super) trust_derives: Vec<String>,
    #[command(flatten)]
    features: Features,
    #[command(flatten)]
    build: Build,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Features")]
struct Features {
    /// Features to switch on
    #[arg(short = 'F', long = "features", value_name = "FEATURES")]
    on: Vec<String>,
    /// Switch on all features
    #[arg(long = "all-features")]
    all: bool,
    /// Leave the default features off
    #[arg(long = "no-default-features")]
    no_default: bool,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Compilation")]
struct Build {
    /// Compile for this target; may be given several times
    #[arg(long = "target", value_name = "TRIPLE")]
    targets: Vec<String>,
    /// The folder for what the compiler makes
    #[arg(long, value_name = "FOLDER")]
    target_dir: Option<PathBuf>,
    /// Leave Cargo.lock as it is
    #[arg(long)]
    locked: bool,
    /// Do without the network
    #[arg(long)]
    offline: bool,
    /// Print no progress
    #[arg(short, long)]
    quiet: bool,
}

/// A kind of target that counts only where it is asked for.
fn does_not_ship(name: &str) -> std::result::Result<TargetKind, String> {
    let kinds = [
        ("examples", TargetKind::Example),
        ("tests", TargetKind::Test),
        ("benches", TargetKind::Bench),
        ("build-scripts", TargetKind::BuildScript),
    ];
    let kind = kinds.iter().find(|(known, _)| *known == name);
    kind.map(|(_, kind)| *kind)
        .ok_or_else(|| format!("expected {}", kinds.map(|(known, _)| known).join(", ")))
}

impl Selection {
    /// The names of the packages that were asked for; none for those that cargo would take.
    pub(super) fn asked(&self, metadata: &Metadata) -> Vec<String> {
        if self.workspace {
            let packages = metadata.workspace_packages().into_iter();
            packages.map(|package| package.name.to_string()).collect()
        } else {
            self.packages.clone()
        }
    }

    /// The platforms that cargo compiles for: those of `--target` or of its configuration, else the host.
    pub(super) fn platforms(&self, config: &Config) -> Result<Vec<String>> {
        let fault = "cannot find out which platform cargo compiles for";
        let targets = self.build.targets.iter();
        let targets = config.build_target_for_cli(targets).context(fault)?;
        if !targets.is_empty() {
            return Ok(targets);
        }
        let host = config.host_triple().context(fault)?;
        Ok(vec![host.to_owned()])
    }

    /// The arguments of `cargo metadata`.
    pub(super) fn for_metadata(&self, platforms: &[String]) -> Vec<String> {
        let mut arguments = self.features.arguments();
        arguments.extend(self.build.lock_arguments());
        let filters = platforms.iter();
        arguments.extend(filters.map(|platform| format!("--filter-platform={platform}")));
        arguments
    }

    /// How to download what an audit without the network needs, as the end of a message; empty with the network.
    pub(super) fn fetch_hint(&self, platforms: &[String]) -> String {
        if !self.build.offline {
            return String::new();
        }
        let targets = platforms
            .iter()
            .map(|platform| format!(" --target {platform}"));
        let targets: String = targets.collect();
        format!(
            "; with `--offline`, every dependency must have been downloaded, those of tests, too: run `cargo \
             fetch{targets}` with the network first"
        )
    }

    /// The arguments of `cargo check` that do not depend on the packages.
    pub(super) fn for_check(&self) -> Vec<String> {
        let mut arguments = self.features.arguments();
        arguments.extend(self.build.lock_arguments());
        let Build {
            targets,
            target_dir,
            quiet,
            ..
        } = &self.build;
        arguments.extend((!self.shipped).then(|| "--all-targets".to_owned()));
        arguments.extend(targets.iter().map(|target| format!("--target={target}")));
        let folders = target_dir.iter();
        arguments.extend(folders.map(|folder| format!("--target-dir={}", folder.display())));
        let files = self.manifest_path.iter();
        arguments.extend(files.map(|file| format!("--manifest-path={}", file.display())));
        arguments.extend(quiet.then(|| "--quiet".to_owned()));
        arguments
    }

    /// What the report should say about the selection.
    pub(super) fn notes(&self) -> Vec<String> {
        let shipped = "only what ships was looked at: tests, examples and benchmarks may call more";
        Vec::from_iter(self.shipped.then(|| shipped.to_owned()))
    }

    /// The kinds of targets whose calls count.
    pub(super) fn counted(&self) -> Vec<TargetKind> {
        let shipped = [TargetKind::Lib, TargetKind::Bin, TargetKind::ProcMacro];
        let mut kinds: Vec<_> = shipped.into_iter().chain(self.count.clone()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}

impl Features {
    fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<_> = self
            .on
            .iter()
            .map(|features| format!("--features={features}"))
            .collect();
        arguments.extend(self.all.then(|| "--all-features".to_owned()));
        arguments.extend(self.no_default.then(|| "--no-default-features".to_owned()));
        arguments
    }
}

impl Build {
    fn lock_arguments(&self) -> impl Iterator<Item = String> {
        let locked = self.locked.then(|| "--locked".to_owned());
        locked
            .into_iter()
            .chain(self.offline.then(|| "--offline".to_owned()))
    }
}
