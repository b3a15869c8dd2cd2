package vcd

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// rolesAttribute is the attribute `roles` of a resource.
func rolesAttribute(whose string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: "Names of the " + whose + "'s roles: exactly one in Cloud Director, one or more in VCF Automation." +
			" Checked against the organization's roles at plan.",
		Required:    true,
		ElementType: types.StringType,
		Validators:  []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(framework.Name())},
	}
}

// checkRoles reports at plan what the server would refuse: unknown roles, or more than it takes.
func checkRoles(ctx context.Context, tenant *vcdapi.Tenant, roles types.Set, diags *diag.Diagnostics) {
	names, known := knownStrings(roles)
	if !known {
		return
	}
	if len(names) > 1 && !tenant.Capabilities().MultipleRoles {
		diags.AddAttributeError(path.Root("roles"), "Too Many Roles",
			fmt.Sprintf("Cloud Director (API version %s) takes exactly one role, and %d are given: %s. Only VCF Automation takes several.",
				tenant.Capabilities().Version, len(names), framework.Quoted(names, "and")))
		return
	}
	existing, err := tenant.Roles(ctx)
	if err != nil {
		warnUnchecked(diags, err)
		return
	}
	references(existing, names, tenant.Name(), diags)
}

// resolveRoles turns the names of roles into references. Unknown ones are errors on `roles`.
func resolveRoles(ctx context.Context, tenant *vcdapi.Tenant, roles types.Set, summary string, diags *diag.Diagnostics) ([]vcdapi.Reference, bool) {
	names, _ := knownStrings(roles)
	existing, err := tenant.Roles(ctx)
	if err != nil {
		addAttributeFault(diags, path.Root("roles"), summary, err)
		return nil, false
	}
	found := references(existing, names, tenant.Name(), diags)
	return found, len(found) == len(names)
}

// references looks names up among the existing roles; an unknown one is an error that names those that exist.
func references(existing []vcdapi.Role, names []string, org string, diags *diag.Diagnostics) []vcdapi.Reference {
	var found []vcdapi.Reference
	for _, name := range names {
		at := slices.IndexFunc(existing, func(r vcdapi.Role) bool { return r.Name == name })
		if at < 0 {
			offered := roleNames(existing)
			diags.AddAttributeError(path.Root("roles"), fmt.Sprintf("Unknown Role %q", name),
				fmt.Sprintf("Organization %q has no role of that name.%s Its roles are %s.",
					org, framework.DidYouMean(framework.Near(name, offered)), framework.Quoted(offered, "and")))
			continue
		}
		found = append(found, vcdapi.Reference(existing[at]))
	}
	return found
}

func roleNames(roles []vcdapi.Role) []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name
	}
	slices.Sort(names)
	return names
}
