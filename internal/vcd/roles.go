// SPDX-License-Identifier: MPL-2.0

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

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// rolesAttribute is the attribute `roles` of a resource.
func rolesAttribute(whose string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: "Names of the " + whose + "'s roles: exactly one in Cloud Director, 1 to 128 in VCF " +
			"Automation. The plan checks them: an unknown role is an error if a similar role exists, and otherwise a warning, " +
			"because the same run may create the role.",
		Required:    true,
		ElementType: types.StringType,
		Validators:  []validator.Set{setvalidator.SizeAtLeast(1), noNulls{}, setvalidator.ValueStringsAre(framework.Name())},
	}
}

// noNulls refuses null elements of a set.
type noNulls struct{}

func (noNulls) Description(context.Context) string         { return "no element may be null" }
func (noNulls) MarkdownDescription(context.Context) string { return "no element may be null" }

func (noNulls) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	for _, element := range req.ConfigValue.Elements() {
		if element.IsNull() {
			resp.Diagnostics.AddAttributeError(req.Path, "Null Among "+req.Path.String(),
				"An element is null, which names nothing. Remove it, or use compact(…) if the list comes from elsewhere.")
			return
		}
	}
}

// checkRoles reports at plan what the server would refuse: more roles than it takes, and unknown ones.
func checkRoles(ctx context.Context, set *clients.Set, tenant *vcdapi.Tenant, roles types.Set,
	diags *diag.Diagnostics) {
	assigned, known := knownStrings(roles)
	if !known {
		return
	}
	if offered := tenant.Capabilities(); len(assigned) > offered.MaxRoles {
		diags.AddAttributeError(path.Root("roles"), "Too Many Roles", tooManyRoles(offered, assigned))
		return
	}
	if !checksNames(set) {
		return
	}
	existing, err := tenant.Roles(ctx)
	if err != nil {
		warnUnchecked(diags, err)
		return
	}
	for _, name := range missingRoles(existing, assigned) {
		near := names.Near(name, roleNames(existing))
		problem := &unknownRolesError{org: tenant.Name(), missing: []string{name}, offered: roleNames(existing)}
		framework.AddNameFault(diags, set, framework.NameFault{
			At: path.Root("roles"), Summary: framework.IsUnknown(framework.Subject{Platform: clients.VCD, Kind: "Role",
				Name: name}),
			Detail: framework.Sentence(problem.Error()) + mayBeMade(near), Doubtful: len(near) == 0,
		})
	}
}

func tooManyRoles(offered vcdapi.Capabilities, assigned []string) string {
	if offered.MultipleRoles {
		return fmt.Sprintf("VCF Automation (API version %s) takes at most %d roles, and %d are given.", offered.Version,
			offered.MaxRoles, len(assigned))
	}
	return fmt.Sprintf("Cloud Director (API version %s) takes exactly one role, and %d are given: %s. Only VCF "+
		"Automation takes several.", offered.Version, len(assigned), names.List(assigned))
}

// mayBeMade says why a name without near names is no error at plan.
func mayBeMade(near []string) string {
	if len(near) > 0 {
		return ""
	}
	return " If the same run creates it, let this resource depend on it. Otherwise the apply fails."
}

// resolveRoles turns the names of roles into references. A role that is missing may have been made in this run, so
// the server is asked once more. The error is an *unknownRolesError, or why the server cannot be asked.
func resolveRoles(ctx context.Context, tenant *vcdapi.Tenant, roles types.Set) ([]vcdapi.Reference, error) {
	assigned, _ := knownStrings(roles)
	existing, err := tenant.Roles(ctx)
	if err == nil && len(missingRoles(existing, assigned)) > 0 {
		existing, err = tenant.FreshRoles(ctx)
	}
	if err != nil {
		return nil, err
	}
	if missing := missingRoles(existing, assigned); len(missing) > 0 {
		return nil, &unknownRolesError{org: tenant.Name(), missing: missing, offered: roleNames(existing)}
	}
	found := make([]vcdapi.Reference, len(assigned))
	for i, name := range assigned {
		found[i] = vcdapi.Reference(existing[roleIndex(existing, name)])
	}
	return found, nil
}

// unknownRolesError says which roles an organization does not have.
type unknownRolesError struct {
	org              string
	missing, offered []string
}

func (e *unknownRolesError) Error() string {
	var near []string
	for _, name := range e.missing {
		near = append(near, names.Near(name, e.offered)...)
	}
	return fmt.Sprintf("organization %q has no role %s.%s Its roles are %s", e.org, names.List(e.missing),
		names.DidYouMean(near), names.List(e.offered))
}

func missingRoles(existing []vcdapi.Role, assigned []string) []string {
	var missing []string
	for _, name := range assigned {
		if roleIndex(existing, name) < 0 {
			missing = append(missing, name)
		}
	}
	return missing
}

func roleIndex(existing []vcdapi.Role, name string) int {
	return slices.IndexFunc(existing, func(r vcdapi.Role) bool { return r.Name == name })
}

func roleNames(roles []vcdapi.Role) []string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = r.Name
	}
	return names.Sorted(texts)
}
