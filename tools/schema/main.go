// SPDX-License-Identifier: MPL-2.0

// Command schema prints the provider's schemas in the form of `terraform providers schema -json`, for tfplugindocs.
//
// It asks the provider itself: the Terraform command of the machine decides which kinds it knows (Terraform 1.11
// leaves out identities, list resources and actions), and the generated pages must not depend on it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/provider"
)

// address is the one that tfplugindocs looks for.
const address = "registry.terraform.io/hashicorp/directory"

func main() {
	document, err := describe(context.Background(), provider.NewServer("dev"))
	if err != nil {
		log.Fatal(err)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		log.Fatal(err)
	}
}

// describe asks a provider for everything that it offers.
func describe(ctx context.Context, server tfprotov6.ProviderServer) (document, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return document{}, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return document{}, err
	}
	if err := errors.Join(failure(schemas.Diagnostics), failure(identities.Diagnostics)); err != nil {
		return document{}, err
	}
	return document{
		FormatVersion: "1.0",
		Providers: map[string]providerJSON{address: {
			Provider:           fromSchema(schemas.Provider),
			Resources:          fromEach(schemas.ResourceSchemas, fromSchema),
			DataSources:        fromEach(schemas.DataSourceSchemas, fromSchema),
			EphemeralResources: fromEach(schemas.EphemeralResourceSchemas, fromSchema),
			ListResources:      fromEach(schemas.ListResourceSchemas, fromSchema),
			Actions:            fromEach(schemas.ActionSchemas, fromAction),
			Functions:          fromEach(schemas.Functions, fromFunction),
			Identities:         fromEach(identities.IdentitySchemas, fromIdentity),
		}},
	}, nil
}

func failure(diagnostics []*tfprotov6.Diagnostic) error {
	var failures []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			failures = append(failures, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(failures...)
}
