//! The options that select what is audited. Those that cargo has too have the same names.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cargo_config2::Config;
use cargo_metadata::Metadata;
use clap::Args;

use crate::model::TargetKind;

/// What is audited, and how it is built.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Selection")]
pub(crate) struct Selection {
    /// Audit these packages [default: those that cargo would take here]
    #[arg(short, long = "package", value_name = "NAME")]
    packages: Vec<String>,
    /// Audit every package of the workspace
    #[arg(long, conflicts_with = "packages")]
    workspace: bool,
    /// Look only at what ships: no tests, examples and benchmarks
    #[arg(long, conflicts_with = "count")]
    shipped: bool,
    /// The Cargo.toml of the package or workspace
    #[arg(long, value_name = "FILE")]
    pub(super) manifest_path: Option<PathBuf>,
    /// Count the calls in these targets as needs, too, although they do not ship: examples, tests, benches, build-scripts
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = does_not_ship)]
    count: Vec<TargetKind>,
    /// Trust these derives to write no calls; those of the standard library and of serde are trusted
    #[arg(long, value_name = "DERIVES", value_delimiter = ',')]
    pub(super) trust_derives: Vec<String>,
    #[command(flatten)]
    features: Features,
    #[command(flatten)]
    build: Build,
}

#[derive(Args, Clone, Debug)]
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

#[derive(Args, Clone, Debug)]
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

/// The kinds of targets that count only on request.
const KINDS: [(&str, TargetKind); 4] = [
    ("examples", TargetKind::Example),
    ("tests", TargetKind::Test),
    ("benches", TargetKind::Bench),
    ("build-scripts", TargetKind::BuildScript),
];

/// Parses a kind of target that counts only on request.
fn does_not_ship(name: &str) -> std::result::Result<TargetKind, String> {
    let kind = KINDS.iter().find(|(known, _)| *known == name);
    kind.map(|(_, kind)| *kind)
        .ok_or_else(|| format!("expected {}", KINDS.map(|(known, _)| known).join(", ")))
}

impl Selection {
    /// Returns whether packages are named.
    pub(crate) const fn is_partial(&self) -> bool {
        !self.packages.is_empty()
    }

    /// The same for every package of the workspace.
    pub(crate) fn whole_workspace(self) -> Self {
        Self {
            workspace: true,
            ..self
        }
    }

    /// The same for these packages, or if there are none and none were named, for every package.
    #[cfg(feature = "mcp")]
    pub(crate) fn of_packages_or_whole(self, packages: Vec<String>) -> Self {
        match (packages.is_empty(), self.is_partial()) {
            (true, true) => self,
            (true, false) => self.whole_workspace(),
            (false, _) => Self {
                packages,
                workspace: false,
                ..self
            },
        }
    }

    /// The names of the requested packages; none for those that cargo would choose.
    pub(super) fn requested(&self, metadata: &Metadata) -> Vec<String> {
        if !self.workspace {
            return self.packages.clone();
        }
        let packages = metadata.workspace_packages().into_iter();
        packages.map(|package| package.name.to_string()).collect()
    }

    /// The platforms that cargo compiles for: those of `--target` or of its configuration, else the host.
    pub(super) fn platforms(&self, config: &Config) -> Result<Vec<String>> {
        let fault = "cannot find out which platform cargo compiles for";
        let targets = config.build_target_for_cli(&self.build.targets);
        let targets = targets.context(fault)?;
        if !targets.is_empty() {
            return Ok(targets);
        }
        Ok(vec![config.host_triple().context(fault)?.to_owned()])
    }

    /// The arguments of `cargo metadata`.
    pub(super) fn for_metadata(&self, platforms: &[String]) -> Vec<String> {
        let platforms = platforms.iter();
        let filters = platforms.map(|platform| format!("--filter-platform={platform}"));
        self.for_both().chain(filters).collect()
    }

    /// How to download what an audit without the network needs, as the end of a message; empty with the network.
    pub(super) fn fetch_hint(&self, platforms: &[String]) -> String {
        if !self.build.offline {
            return String::new();
        }
        let platforms = platforms.iter().map(String::as_str);
        let targets = platforms.flat_map(|platform| [" --target ", platform]);
        let targets: String = targets.collect();
        format!(
            "; with `--offline`, every dependency must have been downloaded, those of tests, too: run `cargo \
             fetch{targets}` with the network first"
        )
    }

    /// The arguments of `cargo check` that do not depend on the packages.
    pub(crate) fn for_check(&self) -> Vec<String> {
        let Build {
            targets,
            target_dir,
            quiet,
            ..
        } = &self.build;
        let targets = targets.iter().map(|target| format!("--target={target}"));
        let folder = target_dir
            .iter()
            .map(|path| format!("--target-dir={}", path.display()));
        let file = self.manifest_path.iter();
        let file = file.map(|path| format!("--manifest-path={}", path.display()));
        let flags = flags([(!self.shipped, "--all-targets"), (*quiet, "--quiet")]);
        let arguments = self.for_both().chain(targets).chain(folder).chain(file);
        arguments.chain(flags).collect()
    }

    /// The options of an audit of another version of the workspace.
    pub(crate) fn for_other_version(&self, workspace: &Path) -> Vec<String> {
        let build = &self.build;
        let target = build.target_dir.clone();
        let target = target.or_else(|| std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from));
        let target = target.unwrap_or_else(|| PathBuf::from("target"));
        let target = workspace.join(target);
        let counted = self.count.iter();
        let counted = counted.filter_map(|kind| KINDS.iter().find(|(_, known)| known == kind));
        let counted = counted.map(|(name, _)| format!("--count={name}"));
        let trusted = self.trust_derives.iter();
        let trusted = trusted.map(|derive| format!("--trust-derives={derive}"));
        let targets = build.targets.iter();
        let targets = targets.map(|target| format!("--target={target}"));
        let options = self.for_both().chain(counted).chain(trusted).chain(targets);
        let options = options.chain(flags([
            (self.shipped, "--shipped"),
            (build.quiet, "--quiet"),
        ]));
        options
            .chain([format!("--target-dir={}", target.display())])
            .collect()
    }

    /// The arguments of both commands.
    fn for_both(&self) -> impl Iterator<Item = String> {
        let features = self.features.on.iter();
        let features = features.map(|features| format!("--features={features}"));
        features.chain(flags([
            (self.features.all, "--all-features"),
            (self.features.no_default, "--no-default-features"),
            (self.build.locked, "--locked"),
            (self.build.offline, "--offline"),
        ]))
    }

    /// What the report should say about the selection.
    pub(super) fn notes(&self) -> Vec<String> {
        let shipped = "only what ships was compiled: tests, examples and benchmarks may call more";
        Vec::from_iter(self.shipped.then(|| shipped.to_owned()))
    }

    /// The kinds of targets whose calls count.
    pub(super) fn counted(&self) -> Vec<TargetKind> {
        let shipped = [TargetKind::Lib, TargetKind::Bin, TargetKind::ProcMacro];
        let mut kinds = [&shipped[..], &self.count].concat();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}

/// The arguments that are set.
fn flags<const N: usize>(flags: [(bool, &'static str); N]) -> impl Iterator<Item = String> {
    let set = flags.into_iter().filter(|(is_set, _)| *is_set);
    set.map(|(_, name)| name.to_owned())
}
