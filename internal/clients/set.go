// SPDX-License-Identifier: MPL-2.0

// Package clients holds the configured clients of all platforms. It is what the provider hands to every resource, data
// source, list resource and action.
package clients

import (
	"fmt"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
)

// Platform is one of the systems that the provider talks to. Its value is the name of the provider's configuration
// block.
type Platform string

// The platforms.
const (
	CloudShell Platform = "cloudshell"
	VCD        Platform = "vcd"
	LDAP       Platform = "ldap"
)

// Title is the platform's name as people know it.
func (p Platform) Title() string {
	switch p {
	case CloudShell:
		return "CloudShell"
	case VCD:
		return "Cloud Director"
	default:
		return "The LDAP directory"
	}
}

// URLVariable is the environment variable that alone is enough to configure the platform.
func (p Platform) URLVariable() string {
	switch p {
	case CloudShell:
		return "CLOUDSHELL_URL"
	case VCD:
		return "VCD_URL"
	default:
		return "LDAP_URL"
	}
}

// What a plan does about a name that is unknown or ambiguous.
const (
	CheckNamesError = "error"
	CheckNamesWarn  = "warn"
	CheckNamesOff   = "off"
)

// Options is what a Set is made of. A nil client is a platform that is not configured.
type Options struct {
	CloudShell *cloudshellapi.Client
	VCD        *vcdapi.Client
	LDAP       *directory.Client

	// Unknown has the platforms whose configuration is not known before apply, each with the provider attribute whose
	// value is unknown, such as "cloudshell.password".
	Unknown map[Platform]string

	// CheckNames is one of the CheckNames constants; "" means CheckNamesError.
	CheckNames string
}

// Set is the set of configured clients. It is safe for concurrent use.
type Set struct {
	options                                            Options
	cloudShellClaims, cloudShellGroupClaims, vcdClaims claims.Registry

	vcdRun VCDRun
}

// NewSet returns the set of the given clients.
func NewSet(options Options) *Set {
	if options.CheckNames == "" {
		options.CheckNames = CheckNamesError
	}
	return &Set{options: options}
}

// CloudShell returns the client for CloudShell's Administration API, else a *NotConfiguredError or
// *UnknownConfigurationError.
func (s *Set) CloudShell() (*cloudshellapi.Client, error) {
	if err := s.missing(CloudShell, s.options.CloudShell != nil); err != nil {
		return nil, err
	}
	return s.options.CloudShell, nil
}

// CloudShellClaims holds what the resources of this process claim about people in CloudShell.
func (s *Set) CloudShellClaims() *claims.Registry { return &s.cloudShellClaims }

// CloudShellGroupClaims holds what they claim about CloudShell groups, each as a claims.Person.
func (s *Set) CloudShellGroupClaims() *claims.Registry { return &s.cloudShellGroupClaims }

// VCDClaims holds what they claim about people in Cloud Director.
func (s *Set) VCDClaims() *claims.Registry { return &s.vcdClaims }

// VCDRun holds what the plans and creates of this process share about Cloud Director.
func (s *Set) VCDRun() *VCDRun { return &s.vcdRun }

// VCD returns the client for Cloud Director, else a *NotConfiguredError or *UnknownConfigurationError.
func (s *Set) VCD() (*vcdapi.Client, error) {
	if err := s.missing(VCD, s.options.VCD != nil); err != nil {
		return nil, err
	}
	return s.options.VCD, nil
}

// LDAP returns the client for the directory itself, else a *NotConfiguredError or *UnknownConfigurationError.
func (s *Set) LDAP() (*directory.Client, error) {
	if err := s.missing(LDAP, s.options.LDAP != nil); err != nil {
		return nil, err
	}
	return s.options.LDAP, nil
}

// CheckNames says what a plan does about a wrong name of a person, group, role or organization: one of the CheckNames
// constants.
func (s *Set) CheckNames() string { return s.options.CheckNames }

func (s *Set) missing(platform Platform, configured bool) error {
	if attribute, unknown := s.options.Unknown[platform]; unknown {
		return &UnknownConfigurationError{Platform: platform, Attribute: attribute}
	}
	if !configured {
		return &NotConfiguredError{Platform: platform}
	}
	return nil
}

// NotConfiguredError says that a platform is needed and the provider's configuration has neither its block nor its
// environment variable.
type NotConfiguredError struct {
	Platform Platform
}

func (e *NotConfiguredError) Error() string {
	return fmt.Sprintf("%s is not configured: add the block `%s { url = … }` to the configuration of provider %q, "+
		"or set the environment variable %s", e.Platform.Title(), e.Platform, "directory", e.Platform.URLVariable())
}

// UnknownConfigurationError says that a platform cannot be asked yet, since a value of its configuration becomes known
// during apply.
type UnknownConfigurationError struct {
	Platform Platform

	// Attribute is the provider attribute whose value is unknown, such as "cloudshell.password".
	Attribute string
}

func (e *UnknownConfigurationError) Error() string {
	return fmt.Sprintf("%s cannot be asked before apply: the provider attribute %s depends on something that "+
		"Terraform has yet to create", e.Platform.Title(), e.Attribute)
}
