// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"slices"
	"strings"
)

// Block is the attributes of one provider block, written as HCL in the order of their names. Values: string, bool, int.
type Block map[string]any

// Provider is the provider's configuration with the given blocks ("cloudshell", "vcd", "ldap"), and general settings
// that keep tests fast.
func Provider(blocks map[string]Block) string {
	return providerText(blocks, "  request_timeout = \"10s\"\n  max_retries = 1\n")
}

// DefaultProvider is the provider's configuration with the given blocks and the general settings that people get by
// default.
func DefaultProvider(blocks map[string]Block) string { return providerText(blocks, "") }

func providerText(blocks map[string]Block, settings string) string {
	var text strings.Builder
	text.WriteString("provider \"directory\" {\n")
	for _, name := range sortedKeys(blocks) {
		fmt.Fprintf(&text, "  %s {\n", name)
		for _, key := range sortedKeys(blocks[name]) {
			fmt.Fprintf(&text, "    %s = %s\n", key, Value(blocks[name][key]))
		}
		text.WriteString("  }\n")
	}
	text.WriteString(settings + "}\n")
	return text.String()
}

// CloudShellProvider is the provider's configuration for a mock CloudShell at that address.
func CloudShellProvider(url string) string {
	return Provider(map[string]Block{"cloudshell": CloudShellBlock(url)})
}

// CloudShellBlock is the block that CloudShellProvider writes.
func CloudShellBlock(url string) Block {
	return Block{"url": url, "username": "admin", "password": "admin"}
}

// VCDProvider is the provider's configuration for a mock Cloud Director, with the login of an organization.
func VCDProvider(url, org, username, password string) string {
	block := Block{"url": url, "org": org, "username": username, "password": password}
	return Provider(map[string]Block{"vcd": block})
}

// Value is a Go value as an HCL expression. Text is quoted and template markers in it are escaped; a []string is a
// list, a map[string]string an object.
func Value(value any) string {
	switch value := value.(type) {
	case string:
		return Quote(value)
	case []string:
		quoted := make([]string, len(value))
		for i, element := range value {
			quoted[i] = Quote(element)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case map[string]string:
		var pairs []string
		for _, key := range sortedKeys(value) {
			pairs = append(pairs, Quote(key)+" = "+Quote(value[key]))
		}
		return "{ " + strings.Join(pairs, ", ") + " }"
	default:
		return fmt.Sprint(value)
	}
}

// Quote is text as an HCL string.
func Quote(text string) string {
	escaper := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`, "${", "$${", "%{", "%%{")
	return `"` + escaper.Replace(text) + `"`
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
