// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// version is an API version, read leniently: vCD publishes 37.2, VCF Automation 40.0, 41.0.0-alpha and 9.1.0 as well.
type version struct {
	text         string
	major, minor int
	prerelease   bool
	// unified marks the numbering of VMware Cloud Foundation (9.1.0), which is younger than every number of two parts.
	unified bool
}

func parseVersion(text string) (version, error) {
	v := version{text: strings.TrimSpace(text)}
	core, suffix, _ := strings.Cut(v.text, "-")
	parts := strings.Split(core, ".")
	numbers := make([]int, max(len(parts), 2))
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return version{}, fmt.Errorf("%q is no API version", text)
		}
		numbers[i] = n
	}
	v.major, v.minor, v.prerelease = numbers[0], numbers[1], suffix != ""
	v.unified = len(parts) == 3 && v.major >= 9 && v.major < 20
	return v, nil
}

// atLeast reports whether what came with major.minor can be expected.
func (v version) atLeast(major, minor int) bool {
	return v.unified || v.major > major || v.major == major && v.minor >= minor
}

// automation reports whether this is VCF Automation rather than Cloud Director.
func (v version) automation() bool { return v.atLeast(40, 0) }

// supported reports whether this client can use the version: sessions as it makes them came with 33.0.
func (v version) supported() bool { return v.atLeast(33, 0) }

type offeredVersion struct {
	version
	deprecated bool
}

// compare orders by what is better to use: released before pre-releases, then current before deprecated, then newer.
func (v offeredVersion) compare(w offeredVersion) int {
	return cmp.Or(
		compareBool(!v.prerelease, !w.prerelease),
		compareBool(!v.deprecated, !w.deprecated),
		compareBool(v.unified, w.unified),
		cmp.Compare(v.major, w.major),
		cmp.Compare(v.minor, w.minor),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// bestVersion picks the version to use from the answer to GET /api/versions.
func bestVersion(body []byte) (version, error) {
	offered, usable, err := offeredVersions(body)
	if err != nil {
		return version{}, err
	}
	if len(usable) == 0 {
		return version{}, fmt.Errorf("the server offers API versions %s; 33.0 or later is needed",
			setting.OneLine(names.Join(offered)))
	}
	return slices.MaxFunc(usable, offeredVersion.compare).version, nil
}

// offeredVersions reads the answer to GET /api/versions: all versions as written, and those that this client can use.
func offeredVersions(body []byte) (offered []string, usable []offeredVersion, err error) {
	var answer struct {
		XMLName  xml.Name `xml:"SupportedVersions"`
		Versions []struct {
			Deprecated string `xml:"deprecated,attr"`
			Version    string `xml:"Version"`
		} `xml:"VersionInfo"`
	}
	if err := xml.Unmarshal(body, &answer); err != nil {
		return nil, nil, fmt.Errorf("the answer to /api/versions is not a list of versions, so this is probably not Cloud "+
			"Director: %w", err)
	}
	for _, info := range answer.Versions {
		offered = append(offered, info.Version)
		v, err := parseVersion(info.Version)
		if err != nil || !v.supported() {
			continue // a version that cannot be read is as good as one that is too old
		}
		deprecated, _ := strconv.ParseBool(info.Deprecated)
		usable = append(usable, offeredVersion{v, deprecated})
	}
	return offered, usable, nil
}
