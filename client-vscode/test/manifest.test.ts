import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Setting {
  scope: string;
  default: unknown;
}

interface Manifest {
  contributes: {
    commands: { command: string; category: string; title: string }[];
    menus: Record<string, { command: string; when?: string; group?: string }[]>;
    customEditors: { viewType: string; selector: { filenamePattern: string }[] }[];
    configurationDefaults: { "workbench.editorAssociations": Record<string, string> };
    configuration: { properties: Record<string, Setting> };
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

const manifest = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as Manifest;
const settings = manifest.contributes.configuration.properties;

describe("the manifest", () => {
  it("never lets a folder choose the program to start", () => {
    expect(settings["leakline.server.path"]?.scope).toBe("machine");
  });

  it("takes no target from a folder that is not trusted", () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    expect(restricted).toEqual(
      expect.arrayContaining(["leakline.url", "leakline.inspect", "leakline.redactValues"]),
    );
    expect(restricted.filter((name) => !(name in settings))).toEqual([]);
  });

  it("keeps values from the heap out of sight by default", () => {
    expect(settings["leakline.redactValues"]?.default).toBe(true);
  });

  it("has no command with a name that the server registers", () => {
    const names = manifest.contributes.commands.map(({ command }) => command);
    expect(names).not.toContain("leakline.measure");
    expect(names).not.toContain("leakline.capture");
  });

  it("has every command that a menu, a view or the walkthrough names", () => {
    const known = new Set(manifest.contributes.commands.map(({ command }) => command));
    const named = JSON.stringify(manifest.contributes).match(/(?<=command:)leakline\.\w+/g) ?? [];
    const inMenus = Object.values(manifest.contributes.menus).flat();
    const all = [...named, ...inMenus.map(({ command }) => command)];
    expect(all.filter((command) => !known.has(command))).toEqual([]);
  });

  it("has the buttons of rows in their menus: no key gets to a button", () => {
    const entries = manifest.contributes.menus["view/item/context"] ?? [];
    const isButton = ({ group = "" }) => group.startsWith("inline");
    const inMenus = entries.filter((entry) => !isButton(entry)).map(({ command }) => command);
    const buttons = entries.filter(isButton).map(({ command }) => command);
    expect(buttons).not.toEqual([]);
    expect(buttons.filter((command) => !inMenus.includes(command))).toEqual([]);
  });

  it("is the editor of snapshots, although VS Code brings a table for them", () => {
    const [editor] = manifest.contributes.customEditors;
    const patterns = editor?.selector.map(({ filenamePattern }) => filenamePattern) ?? [];
    expect(manifest.contributes.configurationDefaults["workbench.editorAssociations"]).toEqual(
      Object.fromEntries(patterns.map((pattern) => [pattern, editor?.viewType])),
    );
  });

  it("compares from the list of files what is a snapshot by its name", () => {
    const entries = manifest.contributes.menus["explorer/context"] ?? [];
    expect(entries.map(({ command }) => command)).toContain("leakline.compareSelectedSnapshots");
    for (const { when = "" } of entries) {
      const [, source = "", flags] = /=~ \/(.*)\/(\w*)/.exec(when) ?? [];
      const isShown = (name: string) => new RegExp(source, flags).test(name);
      expect(["a.heapsnapshot", "a.heapsnapshot.gz", "a.gz", "heapsnapshot"].map(isShown)).toEqual([
        ...[true, true],
        ...[false, false],
      ]);
    }
  });

  it("ships every picture that it names", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const pictures = (JSON.stringify(manifest) + readme).match(/media\/[\w/.-]+/g) ?? [];
    expect(pictures).not.toEqual([]);
    const there = (picture: string) => existsSync(new URL(`../${picture}`, import.meta.url));
    expect(pictures.filter((picture) => !there(picture))).toEqual([]);
  });

  it("names the settings in the README, with their defaults", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    for (const [name, setting] of Object.entries(settings)) {
      const shown =
        typeof setting.default === "string" ? setting.default : JSON.stringify(setting.default);
      const value = shown === "" ? "" : ` \`${shown}\``;
      expect(readme).toContain(`| \`${name}\` |${value} |`);
    }
  });
});
