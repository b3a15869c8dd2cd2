// SPDX-License-Identifier: MPL-2.0

package ldap_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/ldap"
)

// call runs a function of one text; ok is false when it refuses the argument.
func call(t *testing.T, f function.Function, argument string) (result attr.Value, ok bool) {
	t.Helper()
	var definition function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
	empty, err := definition.Definition.Return.NewResultData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	response := function.RunResponse{Result: empty}
	f.Run(
		t.Context(),
		function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(argument)})},
		&response,
	)
	if response.Error != nil {
		if response.Error.FunctionArgument == nil || *response.Error.FunctionArgument != 0 {
			t.Errorf("%q: an error of no argument: %v", argument, response.Error)
		}
		return nil, false
	}
	return response.Result.Value(), true
}

// FuzzParseDNFunction: what is escaped with escape_dn comes back from parse_dn; whatever else either parses or is
// refused politely.
func FuzzParseDNFunction(f *testing.F) {
	for _, seed := range []string{"", "James Porter", "Porter, James", "a+b=c", `\`, "#x", " x ", "cn=a+sn=b,dc=c",
		"Анна", "\x00", "cn=#0401ff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("Terraform has no such strings")
		}
		call(t, ldap.NewParseDNFunction(), text)
		escaped, ok := call(t, ldap.NewEscapeDNFunction(), text)
		if !ok {
			t.Fatalf("escape_dn refuses %q", text)
		}
		parsed, ok := call(t, ldap.NewParseDNFunction(), "cn="+escaped.(types.String).ValueString()+",dc=lab,dc=example")
		if !ok {
			t.Fatalf("parse_dn refuses what escape_dn made of %q", text)
		}
		attributes := parsed.(types.Object).Attributes()
		if name := attributes["name"].(types.String).ValueString(); name != text {
			t.Errorf("%q comes back as %q", text, name)
		}
		if parent := attributes["parent"].(types.String).ValueString(); parent != "dc=lab,dc=example" {
			t.Errorf("%q changes the parent to %q", text, parent)
		}
	})
}

// FuzzSIDToStringFunction: a text is read as a SID or refused politely.
func FuzzSIDToStringFunction(f *testing.F) {
	for _, seed := range []string{"", "AQUAAAAAAAUVAAAAx/f+13x3VciUWs4BUQQAAA==", "010100000000000512000000",
		`\01\01\00\00\00\00\00\05\12\00\00\00`, "S-1-5-18", "AQ==", "0", "ff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("Terraform has no such strings")
		}
		if sid, ok := call(t, ldap.NewSIDToStringFunction(), text); ok &&
			!strings.HasPrefix(sid.(types.String).ValueString(), "S-1-") {
			t.Errorf("%q is read as %s", text, sid)
		}
	})
}
