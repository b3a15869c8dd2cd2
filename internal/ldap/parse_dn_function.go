// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// parseDNFunction is parse_dn.
type parseDNFunction struct{}

var _ function.Function = parseDNFunction{}

// NewParseDNFunction makes provider::directory::parse_dn.
func NewParseDNFunction() function.Function { return parseDNFunction{} }

// parsedDN is what parse_dn returns.
type parsedDN struct {
	Name   string              `tfsdk:"name"`
	Parent string              `tfsdk:"parent"`
	Domain string              `tfsdk:"domain"`
	RDNs   []map[string]string `tfsdk:"rdns"`
	Parts  [][]namePart        `tfsdk:"parts"`
}

// namePart is one value of a part.
type namePart struct {
	Type  string `tfsdk:"type"`
	Value string `tfsdk:"value"`
}

func (parseDNFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_dn"
}

func (parseDNFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Splits a distinguished name into its parts",
		MarkdownDescription: "Splits a distinguished name (DN) into its parts. Returns an object:\n\n* `name`: the first " +
			"value of the first part, such as `James Porter`\n* `parent`: the DN of the entry above; empty for the topmost " +
			"entry\n* `domain`: the domain components, joined by dots, such as `lab.example`; empty if there are none\n* " +
			"`rdns`: the parts from the entry upwards, each a map from attribute type in lower case to value without escapes, " +
			"as in `rdns[0].cn`\n* `parts`: the same parts, each a list of objects with `type`, as it is spelled, and " +
			"`value`\n\nA part can have several values, joined by `+`. If two of them have the same type, the map in `rdns` " +
			"has only the first, and `parts` has both. A value can be quoted, as older programs write it: `CN=\"Porter, " +
			"James\",DC=example`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "dn", MarkdownDescription: "The distinguished name."},
		},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"name":   types.StringType,
			"parent": types.StringType,
			"domain": types.StringType,
			"rdns":   types.ListType{ElemType: types.MapType{ElemType: types.StringType}},
			"parts": types.ListType{ElemType: types.ListType{ElemType: types.ObjectType{AttrTypes: map[string]attr.Type{
				"type": types.StringType, "value": types.StringType,
			}}}},
		}},
	}
}

func (parseDNFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	dn, err := directory.ParseDN(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%q is %v.", text, err))
		return
	}
	parsed := parsedDN{Name: dn.RDNs[0].Parts[0].Value, Parent: dn.Parent().String(), Domain: dn.Domain()}
	for _, rdn := range dn.RDNs {
		step := map[string]string{}
		var parts []namePart
		for _, part := range rdn.Parts {
			parts = append(parts, namePart(part))
			kind := strings.ToLower(part.Type)
			if _, known := step[kind]; !known {
				step[kind] = part.Value
			}
		}
		parsed.RDNs, parsed.Parts = append(parsed.RDNs, step), append(parsed.Parts, parts)
	}
	resp.Error = resp.Result.Set(ctx, parsed)
}
