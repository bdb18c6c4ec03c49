import Foundation
import PackagePlugin

/// Runs `embed-policies` over `policies/` before the room Policies is compiled.
@main
struct EmbedPolicies: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = context.package.directoryURL.appending(path: "policies")
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedPolicies.swift")
    let files =
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" } ?? []
    return [
      .buildCommand(
        displayName: "Embedding the built-in policies",
        executable: try context.tool(named: "embed-policies").url,
        arguments: [folder.path, output.path],
        inputFiles: files.sorted { $0.path < $1.path }, outputFiles: [output])
    ]
  }
}
