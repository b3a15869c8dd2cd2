// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// KeepSpelling is the plan modifier of a name that identifies the resource: another spelling of the same letters is no
// change (state's spelling stays), another name replaces the resource. The names of further attributes of state that
// the name may equal as well, such as "username", can be given.
func KeepSpelling(alsoEqual ...string) planmodifier.String { return keepSpelling{alsoEqual} }

type keepSpelling struct{ alsoEqual []string }

func (m keepSpelling) Description(context.Context) string {
	return "Names compare without regard to case; another name replaces the resource."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m keepSpelling) PlanModifyString(
	ctx context.Context,
	req planmodifier.StringRequest,
	resp *planmodifier.StringResponse,
) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.StateValue.IsNull() {
		return // created, destroyed
	}
	if req.PlanValue.IsUnknown() {
		resp.RequiresReplace = true // Terraform asks again when the name is known
		return
	}
	prior := []types.String{req.StateValue}
	for _, name := range m.alsoEqual {
		var other types.String
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root(name), &other)...)
		prior = append(prior, other)
	}
	for _, value := range prior {
		if !value.IsNull() && names.Same(value.ValueString(), req.PlanValue.ValueString()) {
			resp.PlanValue = req.StateValue
			return
		}
	}
	resp.RequiresReplace = true
}
