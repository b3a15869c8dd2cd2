// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// escapeFunction is escape_filter or escape_dn.
type escapeFunction struct {
	name        string
	summary     string
	description string
	escape      func(string) string
}

var _ function.Function = (*escapeFunction)(nil)

// NewEscapeFilterFunction makes provider::directory::escape_filter.
func NewEscapeFilterFunction() function.Function {
	return &escapeFunction{
		name:    "escape_filter",
		summary: "Escapes a value for an LDAP filter",
		description: "Escapes all characters in the text that have a meaning in an LDAP search filter (RFC 4515), so that " +
			"the text stays one value: `(cn=${provider::directory::escape_filter(var.name)})`.",
		escape: directory.EscapeFilter,
	}
}

// NewEscapeDNFunction makes provider::directory::escape_dn.
func NewEscapeDNFunction() function.Function {
	return &escapeFunction{
		name:    "escape_dn",
		summary: "Escapes a value for a distinguished name",
		description: "Escapes all characters in the text that have a meaning in a distinguished name (RFC 4514), so that " +
			"the text stays one value: `cn=${provider::directory::escape_dn(var.name)},ou=people,dc=example,dc=com`.",
		escape: directory.EscapeDN,
	}
}

func (f *escapeFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f *escapeFunction) Definition(
	_ context.Context,
	_ function.DefinitionRequest,
	resp *function.DefinitionResponse,
) {
	resp.Definition = function.Definition{
		Summary:             f.summary,
		MarkdownDescription: f.description,
		Parameters: []function.Parameter{
			function.StringParameter{Name: "value", MarkdownDescription: "The text to escape."},
		},
		Return: function.StringReturn{},
	}
}

func (f *escapeFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var value string
	if resp.Error = req.Arguments.Get(ctx, &value); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, f.escape(value))
}
