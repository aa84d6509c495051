//! Code that a session writes now and may run later.
//!
//! Running the project's own tests and builds is ordinary work. It is no longer ordinary when the session
//! itself has just written code that starts programs, removes trees or reaches for secrets: then what runs
//! is as unknown as inline code. This is a coarse look for words, not an analysis; what it finds is asked
//! about, never denied.

use placet_model::{Action, ActionKind, Does, PathCertainty, Resource, ToolCall};
use serde_json::Value;

/// A file that a call writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Absolute path.
    pub path: String,
    /// Whether its text, once it runs, could do what the session may not do itself.
    pub planted: bool,
}

/// Endings of files whose text is run, built in, or read as a recipe.
const CODE: [&str; 49] = [
    ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx", ".rb", ".pl", ".pm", ".php", ".lua",
    ".rs", ".go", ".java", ".kt", ".kts", ".scala", ".groovy", ".gradle", ".c", ".cc", ".cpp", ".h", ".cs",
    ".swift", ".sh", ".bash", ".zsh", ".mk", ".sed", ".awk", ".tcl", ".exp", ".vim", ".el", ".r", ".jl",
    ".cmake", ".gemspec", ".rake", ".t", ".bats", ".nix", ".zig", ".ex", ".exs",
];
/// Files that are recipes by their name.
const RECIPES: [&str; 24] = [
    "makefile",
    "gnumakefile",
    "justfile",
    ".justfile",
    "taskfile.yml",
    "taskfile.yaml",
    "package.json",
    "rakefile",
    "dockerfile",
    "containerfile",
    "tox.ini",
    "noxfile.py",
    "setup.cfg",
    "pyproject.toml",
    "cargo.toml",
    "composer.json",
    "cmakelists.txt",
    "deno.json",
    "deno.jsonc",
    ".lintstagedrc",
    ".lintstagedrc.json",
    ".pre-commit-config.yaml",
    "lefthook.yml",
    "tasks.json",
];
/// Names of lists of packages.
const MANIFESTS: [&str; 6] =
    ["package.json", "gemfile", "pyproject.toml", "pipfile", "environment.yml", "composer.json"];
/// Ways to name a package by its address.
const ADDRESSES: [&str; 6] = ["@ http", "@ git+", "git+http", "git+ssh", ".tgz", ".tar.gz"];
/// Words by which code starts programs, removes files or reaches for secrets. Chosen so that common harmless
/// names (`process.env`, `model.eval()`, `filesystem(`) do not hold one.
const WORDS: [&str; 76] = [
    "os.system",
    "subprocess",
    "os.popen",
    "pty.spawn",
    "os.exec",
    "shutil.rmtree",
    "os.remove",
    "os.unlink",
    ".unlink(",
    "rmtree(",
    "child_process",
    "execsync",
    "spawnsync",
    "execfile",
    "fs.rm",
    "rmsync",
    "unlinksync",
    "deno.run",
    "deno.command",
    "bun.spawn",
    "process::command",
    "remove_dir_all",
    "remove_file",
    "exec.command",
    "os.removeall",
    "runtime.getruntime",
    "processbuilder",
    " system(",
    "\nsystem(",
    "popen(",
    "shell_exec",
    "proc_open",
    "kernel.exec",
    "fileutils.rm",
    "%x(",
    " rm -",
    "\trm -",
    "\nrm -",
    "@rm -",
    "exec rm",
    "spawn rm",
    "!rm ",
    " .env",
    ".claude/",
    "/placet",
    "'rm -",
    "\"rm -",
    "`rm ",
    "curl ",
    "wget ",
    "/dev/tcp",
    "/.ssh",
    "/.aws",
    "/.env",
    "'.env",
    "\".env",
    "id_rsa",
    // Containers that reach the machine around them.
    "privileged:",
    "cap_add:",
    "docker.sock",
    "pid: host",
    "- /:/",
    "\"/:/",
    "source: /\n",
    "${home}",
    "deno.remove",
    "bun.$",
    "rm_rf",
    "rm_r(",
    "clean.include",
    "clobber.include",
    "deleterecursively",
    "remove_recurse",
    "command rm",
    "'rm'",
    "\"rm\"",
];

/// Files that `call` writes when it runs, as its actions tell.
pub fn written_files(call: &ToolCall, actions: &[Action]) -> Vec<WrittenFile> {
    // What a package manager writes into its own file is what it was told, and no script.
    let mut manager = false;
    let written = actions.iter().filter_map(|action| match &action.resource {
        Resource::Command(command) => {
            manager = command.does(Does::Install) && !command.does(Does::Configure);
            None
        }
        Resource::Path(path)
            if action.kind == ActionKind::WriteFile && path.certainty == PathCertainty::Exact =>
        {
            let own = path.absolute.ends_with("/package.json") || path.absolute.ends_with("/composer.json");
            (!(manager && own)).then(|| path.resolved.clone().unwrap_or_else(|| path.absolute.clone()))
        }
        _ => None,
    });
    let text = written_text(call);
    written
        .map(|path| {
            let planted = is_code(&path) && has_words(&text) || is_manifest(&path) && names_address(&text);
            WrittenFile { planted, path }
        })
        .collect()
}

/// Whether some action runs code of the project.
pub fn runs_project_code(actions: &[Action]) -> bool {
    actions.iter().any(|action| match &action.resource {
        Resource::Command(command) => {
            command.does(Does::Build) || command.does(Does::Install) || command.does(Does::Execute)
        }
        _ => false,
    })
}

/// All text that a call brings in.
fn written_text(call: &ToolCall) -> String {
    // A word may stand at the very beginning.
    let mut text = String::from("\n");
    for name in ["content", "new_string", "new_source", "command"] {
        if let Some(part) = call.input.get(name).and_then(Value::as_str) {
            text.push_str(part);
        }
    }
    for edit in call.input.get("edits").and_then(Value::as_array).into_iter().flatten() {
        text.push_str(edit.get("new_string").and_then(Value::as_str).unwrap_or_default());
    }
    text.make_ascii_lowercase();
    text
}

fn is_code(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    // A file without an ending is as likely a script as not.
    !name.contains('.')
        || name.starts_with("compose.")
        || name.starts_with("docker-compose.")
        || RECIPES.contains(&name.as_str())
        || CODE.iter().any(|end| name.ends_with(end))
}

/// Lists of packages that an installation follows.
fn is_manifest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let requirements = (name.starts_with("requirements") || name.starts_with("constraints"))
        && (name.ends_with(".txt") || name.ends_with(".in"));
    requirements || MANIFESTS.contains(&name.as_str())
}

/// Whether a list of packages (in lower case) takes one from an address: code that no registry has seen.
fn names_address(text: &str) -> bool {
    text.lines().flat_map(|line| line.split(',')).any(|entry| {
        // Fields that only tell people where to look.
        let told = [
            "homepage",
            "\"url\"",
            "repository",
            "bugs",
            "$schema",
            "funding",
            "author",
            "license",
            "resolved",
        ];
        ADDRESSES.iter().any(|address| entry.contains(address))
            && !told.iter().any(|field| entry.contains(field))
            && !entry.trim_start().starts_with('#')
    })
}

fn has_words(text: &str) -> bool {
    WORDS.iter().any(|word| text.contains(word))
}
